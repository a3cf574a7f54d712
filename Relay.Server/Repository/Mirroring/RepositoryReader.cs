using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Mirroring;

/// <summary>
/// Reads all of a repository, with the checks of a node. Expiry is not checked: a copy of what has expired is as good as the original.
/// </summary>
internal sealed class RepositoryReader(IStaticFileSource files, TimeProvider timeProvider)
{
    private const int Attempts = 3;

    /// <summary>Of all metadata together, since all of them are in memory.</summary>
    private const long MaximumMetadataBytes = 64 << 20;

    private long _metadataBytes;

    /// <param name="trustedRoot">The first root, from which all others must follow; null to begin with the repository's own.</param>
    /// <param name="heldTimestamp">The timestamp of an earlier copy: an older one is refused.</param>
    /// <exception cref="InvalidDataException">The repository does not verify.</exception>
    public async Task<RepositoryContents> ReadAsync(byte[]? trustedRoot, byte[]? heldTimestamp, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                _metadataBytes = 0;
                return await ReadOnceAsync(trustedRoot, heldTimestamp, cancellationToken);
            }
            catch (InvalidDataException) when (attempt < Attempts)
            {
                // A publication changed files between two reads, or old files were removed; the next attempt reads the new state.
            }
        }
    }

    private async Task<RepositoryContents> ReadOnceAsync(byte[]? trustedRoot, byte[]? heldTimestamp, CancellationToken cancellationToken)
    {
        List<(string Path, byte[] Content)> roots = await ReadRootsAsync(trustedRoot, cancellationToken);
        TrustedMetadata trusted = Open(roots[^1].Content);
        if (heldTimestamp is not null)
        {
            // A timestamp that does not verify any more is no bound.
            _ = trusted.LoadTimestamp(heldTimestamp);
        }

        byte[] timestamp = await RequireAsync(TrustedMetadata.TimestampDownload, cancellationToken);
        Refusal.ThrowIfRefused(trusted.UpdateTimestamp(timestamp));
        byte[] snapshot = await RequireAsync(trusted.SnapshotDownload, cancellationToken);
        Refusal.ThrowIfRefused(trusted.UpdateSnapshot(snapshot));
        string snapshotPath = PathOf(trusted.SnapshotDownload);
        List<(string, byte[])> roles = await ReadTargetsRolesAsync(trusted, cancellationToken);
        roles.Reverse();
        return new(trusted, [.. roles, (snapshotPath, snapshot), .. roots], timestamp, FindTargets(trusted, cancellationToken));
    }

    private async Task<List<(string Path, byte[] Content)>> ReadRootsAsync(byte[]? trustedRoot, CancellationToken cancellationToken)
    {
        MetadataDownload first = new(RoleNames.Root, MetadataPaths.Versioned(RoleNames.Root, 1), TrustBounds.RootBytes);
        byte[] root = trustedRoot ?? await RequireAsync(first, cancellationToken);
        TrustedMetadata trusted = Open(root);
        List<(string, byte[])> roots = [($"{RepositoryFiles.MetadataFolder}/{MetadataPaths.Versioned(RoleNames.Root, trusted.Root.Version)}", root)];
        while (await ReadAsync(trusted.NextRoot, cancellationToken) is { } next)
        {
            string path = PathOf(trusted.NextRoot);
            Refusal.ThrowIfRefused(trusted.UpdateRoot(next));
            roots.Add((path, next));

            // A new instance, because the bound on rotations is for one update of a node.
            trusted = Open(next);
        }

        return roots;
    }

    private async Task<List<(string Path, byte[] Content)>> ReadTargetsRolesAsync(TrustedMetadata trusted, CancellationToken cancellationToken)
    {
        MetadataDownload download = trusted.TargetsDownload ?? throw new InvalidDataException("The snapshot lists no targets.");
        byte[] content = await RequireAsync(download, cancellationToken);
        Refusal.ThrowIfRefused(trusted.UpdateTargets(content));
        List<(string, byte[])> roles = [(PathOf(download), content)];
        Queue<(string Role, string Parent)> pending = new(Delegations(trusted, RoleNames.Targets));
        while (pending.TryDequeue(out (string Role, string Parent) next))
        {
            if (trusted.Held(next.Role) is not null)
            {
                throw new InvalidDataException($"Two roles delegate to the role '{next.Role}', which is not supported here.");
            }

            if (trusted.DelegatedDownload(next.Role) is { } delegated)
            {
                if (roles.Count > TrustBounds.Delegations)
                {
                    throw new InvalidDataException($"The repository has more than {TrustBounds.Delegations} delegated roles.");
                }

                byte[] file = await RequireAsync(delegated, cancellationToken);
                Refusal.ThrowIfRefused(trusted.UpdateDelegated(file, next.Role, next.Parent));
                roles.Add((PathOf(delegated), file));
                Delegations(trusted, next.Role).ToList().ForEach(pending.Enqueue);
            }
        }

        return roles;
    }

    // What a search finds: a role may list any path, and is trusted for those alone that were delegated to it.
    private static List<TargetFile> FindTargets(TrustedMetadata trusted, CancellationToken cancellationToken)
    {
        List<TargetFile> found = [];
        foreach (string path in Roles(trusted).SelectMany(role => trusted.Held(role)!.Files.Keys).Distinct(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (trusted.Find(path).Found is { } file)
            {
                found.Add(file);
            }
        }

        return found;
    }

    private static IEnumerable<string> Roles(TrustedMetadata trusted)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        Queue<string> pending = new([RoleNames.Targets]);
        while (pending.TryDequeue(out string? role))
        {
            if (trusted.Held(role) is not null && seen.Add(role))
            {
                Delegations(trusted, role).ToList().ForEach(child => pending.Enqueue(child.Role));
            }
        }

        return seen;
    }

    private static IEnumerable<(string Role, string Parent)> Delegations(TrustedMetadata trusted, string parent) =>
        (trusted.Held(parent)?.Delegations?.Roles ?? []).Select(role => (role.Name, parent));

    private TrustedMetadata Open(byte[] root) =>
        TrustedMetadata.Create(root, timeProvider.GetUtcNow(), ExpiryRule.ReportedOnly).ValueOrThrow();

    private async Task<byte[]> RequireAsync(MetadataDownload download, CancellationToken cancellationToken) =>
        await ReadAsync(download, cancellationToken) ?? throw new InvalidDataException($"The repository lacks '{PathOf(download)}'.");

    private async Task<byte[]?> ReadAsync(MetadataDownload download, CancellationToken cancellationToken)
    {
        long limit = Math.Min(download.MaximumBytes, MaximumMetadataBytes - _metadataBytes);
        byte[]? content = await files.ReadAsync(PathOf(download), limit, cancellationToken);
        _metadataBytes += content?.Length ?? 0;
        return content;
    }

    private static string PathOf(MetadataDownload download) => $"{RepositoryFiles.MetadataFolder}/{download.FileName}";
}
