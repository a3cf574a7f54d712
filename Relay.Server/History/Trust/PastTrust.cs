using System.Globalization;
using Relay.Server.Repository;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.History.Trust;

/// <summary>The metadata that a timestamp of the past leads to, verified with the keys of that time.</summary>
/// <param name="Files">All roots that are there, then the timestamp, the snapshot and the targets roles.</param>
/// <param name="NewestRoot">The version of the newest root that is there: the one of that time may be older.</param>
internal sealed record PastTrust(TrustedMetadata Metadata, IReadOnlyList<PastFile> Files, long NewestRoot)
{
    /// <summary>More than a relay that rotates its keys every month has after eighty years.</summary>
    private const int MaximumRoots = 1000;

    /// <summary>When the first of the metadata expires.</summary>
    public DateTimeOffset Expires =>
        new RoleMetadata?[] { Metadata.Root, Metadata.Timestamp, Metadata.Snapshot, Metadata.Targets, Metadata.Held(RoleNames.Channels) }
            .OfType<RoleMetadata>().Min(metadata => metadata.Expires);

    /// <param name="at">The time of the report that rests on it.</param>
    /// <param name="pinnedRoot">A root that has to be among the roots: it and those after it are trusted. Null to take the first one that is
    /// there.</param>
    public static async Task<Result<PastTrust>> ReadAsync(
        IStaticFileSource files, long timestamp, DateTimeOffset at, byte[]? pinnedRoot, CancellationToken cancellationToken)
    {
        Result<List<PastFile>> roots = await ReadRootsAsync(files, at, cancellationToken);
        if (!roots.IsAccepted)
        {
            return roots.Refusal;
        }

        int trusted = pinnedRoot is null ? 0 : roots.Value.FindIndex(root => root.Content.AsSpan().SequenceEqual(pinnedRoot));
        if (trusted < 0)
        {
            return new Refusal(RefusalReason.MetadataSignature, RoleNames.Root, "the root that you trust is not one of these");
        }

        // The keys of that time: those of the newest root by which all of it verifies. A root vouches for those after it, and for none before:
        // anyone can make one before it that lists its keys beside others.
        Refusal? first = null;
        foreach (PastFile root in Enumerable.Reverse(roots.Value.Skip(trusted)))
        {
            TrustedMetadata metadata = TrustedMetadata.Create(root.Content!, at, ExpiryRule.ReportedOnly).ValueOrThrow();
            Result<List<PastFile>> followed = await FollowAsync(metadata, files, timestamp, cancellationToken);
            if (followed.IsAccepted)
            {
                return new PastTrust(metadata, [.. roots.Value, .. followed.Value], roots.Value[^1].Version!.Value);
            }

            first ??= followed.Refusal;
        }

        return trusted == 0 ? first! : first! with
        {
            Detail = string.Create(
                CultureInfo.InvariantCulture,
                $"{first.Detail}. The root that you trust, version {trusted + 1}, proves nothing that is older than it: " +
                    $"give one of that time or before"),
        };
    }

    private static async Task<Result<List<PastFile>>> ReadRootsAsync(IStaticFileSource files, DateTimeOffset at, CancellationToken cancellationToken)
    {
        List<PastFile> roots = [];
        while (roots.Count < MaximumRoots)
        {
            long version = roots.Count + 1;
            string path = PathOf(RoleNames.Root, version);
            if (await ReadAsync(files, path, TrustBounds.RootBytes, cancellationToken) is not { } content)
            {
                break;
            }

            // A new instance for each, because the bound on rotations is for one update of a node.
            Refusal? refusal = roots.Count == 0
                ? TrustedMetadata.Create(content, at, ExpiryRule.ReportedOnly).Refusal
                : TrustedMetadata.Create(roots[^1].Content!, at, ExpiryRule.ReportedOnly).ValueOrThrow().UpdateRoot(content);
            if (refusal is not null)
            {
                return refusal;
            }

            roots.Add(PastFile.Create(path, RoleNames.Root, version, content));
        }

        return roots.Count > 0 ? roots : new Refusal(RefusalReason.MetadataMissing, RoleNames.Root, "it is missing");
    }

    private static async Task<Result<List<PastFile>>> FollowAsync(
        TrustedMetadata trusted, IStaticFileSource files, long version, CancellationToken cancellationToken)
    {
        List<PastFile> read = [];
        Refusal? refusal = await TakeAsync(RoleNames.Timestamp, version, trusted.UpdateTimestamp)
            ?? await TakeAsync(RoleNames.Snapshot, trusted.Timestamp!.Snapshot.Version, trusted.UpdateSnapshot)
            ?? await TakeAsync(RoleNames.Targets, VersionOf(RoleNames.Targets), trusted.UpdateTargets)
            ?? await TakeAsync(
                RoleNames.Channels, VersionOf(RoleNames.Channels),
                content => trusted.UpdateDelegated(content, RoleNames.Channels, RoleNames.Targets));
        return refusal is not null ? refusal : read;

        long VersionOf(string role) => trusted.Snapshot!.Files.TryGetValue($"{role}.json", out MetadataFile? listed) ? listed.Version : 0;

        async Task<Refusal?> TakeAsync(string role, long listed, Func<ReadOnlyMemory<byte>, Refusal?> take)
        {
            string path = PathOf(role, listed);
            if (await ReadAsync(files, path, TrustBounds.TargetsBytes, cancellationToken) is not { } content)
            {
                return new Refusal(RefusalReason.MetadataMissing, role, $"version {listed} is not here");
            }

            read.Add(PastFile.Create(path, role, listed, content));
            return take(content) ?? (role == RoleNames.Timestamp && trusted.Timestamp!.Version != version
                ? new Refusal(RefusalReason.MetadataVersionMismatch, role, $"it is version {trusted.Timestamp.Version} under the name of {version}")
                : null);
        }
    }

    private static async Task<byte[]?> ReadAsync(IStaticFileSource files, string path, long limit, CancellationToken cancellationToken)
    {
        try
        {
            return await files.ReadAsync(path, limit, cancellationToken);
        }
        catch (InvalidDataException)
        {
            // Longer than any metadata: not one of them.
            return null;
        }
    }

    private static string PathOf(string role, long version) => $"{RepositoryFiles.MetadataFolder}/{MetadataPaths.Versioned(role, version)}";
}
