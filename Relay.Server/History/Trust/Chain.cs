using System.Globalization;
using Relay.Server.Repository.Explaining;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.History.Trust;

/// <summary>The steps from the root to a document, and the files that they read, as they are collected.</summary>
internal sealed class Chain(IStaticFileSource files, PastTrust trust, CancellationToken cancellationToken)
{
    private readonly List<ExplanationStep> _steps = [];
    private readonly Dictionary<string, PastFile> _files = trust.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);

    public IReadOnlyList<ExplanationStep> Steps => _steps;

    public IReadOnlyList<PastFile> Files => [.. _files.Values];

    public void Add(bool holds, string subject, string detail) => _steps.Add(new(holds, subject, detail));

    public void AddMetadata(CheckIn report, long timestamp, HeldMetadata? named, bool rootIsPinned, DateTimeOffset at)
    {
        long root = trust.Metadata.Root.Version;
        Add(true, RoleNames.Root, (rootIsPinned
            ? "the root that you trust is among them, and each one after it is signed by the one before: "
            : "each root is signed by the one before; the first is taken from the evidence, since none was given by --root: ")
            + $"version {root} of {trust.NewestRoot} held then");
        string digest = _files[PastFileSource.TimestampPath(timestamp)].Sha256;
        bool isNamed = named is null || (named.Timestamp == timestamp && named.Sha256 == digest);
        Add(isNamed, RoleNames.Timestamp, $"version {timestamp}, signed by the keys of root {root}; " + (
            named is null ? "the report names no metadata: this is what was current at the relay, and the node may have held other metadata"
            : isNamed ? "the report names it, with its digest"
            : $"the report names version {named.Timestamp} with the digest {named.Sha256}, and this file has version " +
                $"{timestamp} and the digest {digest}: "
                + "the node held other metadata"));
        Add(true, RoleNames.Snapshot, $"version {trust.Metadata.Snapshot!.Version}, by the digest in the timestamp");
        Add(true, RoleNames.Targets, $"version {trust.Metadata.Targets!.Version}, by the digest in the snapshot");
        Add(true, RoleNames.Channels, $"version {trust.Metadata.Held(RoleNames.Channels)!.Version}, by the digest in the snapshot");
        string expires = trust.Expires.ToString("u", CultureInfo.InvariantCulture);
        Add(true, "expiry", trust.Expires > at
            ? $"none had expired at the time of the report; the first does at {expires}"
            : $"the first had expired at {expires}: a node keeps serving then and accepts nothing new; the report says " +
                $"{(report.Stale ? "so" : "nothing of it")}");
    }

    public bool IsListed(string path) => trust.Metadata.Find(path).Found is not null;

    /// <summary>A document that is listed, with its digest; null where it is not, after a step that says so.</summary>
    public async Task<T?> ReadAsync<T>(string path, string role, Func<byte[], Result<T>> read)
        where T : class
    {
        if (await ReadFileAsync(path, role) is not { } content)
        {
            return null;
        }

        Result<T> document = read(content);
        if (!document.IsAccepted)
        {
            Add(false, path, $"{document.Refusal.Reason}: {document.Refusal.Detail}");
        }

        return document.Value;
    }

    /// <summary>A file that is listed, with its digest; null where it is not, after a step that says so.</summary>
    public async Task<byte[]?> ReadFileAsync(string path, string role)
    {
        TargetSearch search = trust.Metadata.Find(path);
        if (search.Found is not { } listed)
        {
            Add(false, path, $"{RefusalReason.UnlistedTarget}: no role that is trusted for it lists it");
            return null;
        }

        string stored = RepositoryContents.PathOf(listed);
        if (_files.TryGetValue(stored, out PastFile? known) && known.Content is { } before)
        {
            return before;
        }

        byte[]? content;
        try
        {
            content = await files.ReadAsync(stored, listed.Length, cancellationToken);
        }
        catch (InvalidDataException)
        {
            Add(false, path, $"{RefusalReason.ArtifactLengthMismatch}: it is longer than the {listed.Length} bytes that were signed");
            return null;
        }

        if (content is null)
        {
            Add(false, path, "it is not here");
            return null;
        }

        if (listed.Check(content) is { } refusal)
        {
            Add(false, path, $"{refusal.Reason}: {refusal.Detail}");
            return null;
        }

        _files[stored] = PastFile.Create(stored, role, null, content);
        return content;
    }

    /// <summary>Notes an artifact by what is listed of it.</summary>
    public void AddUnread(TargetFile file, string role) =>
        _files[RepositoryContents.PathOf(file)] = new PastFile(RepositoryContents.PathOf(file), role, null, file.Sha256 ?? "", file.Length, null);

    /// <summary>The artifact that the report, the release and the metadata agree on; null where they do not, after a step that says so.</summary>
    public TargetFile? FindModel(ActiveModel model, ReleaseManifest release, string subject)
    {
        ReleasedModel? released = release.Models.FirstOrDefault(m => m.Name == model.Name);
        TargetFile? file = trust.Metadata.Find(TargetPaths.Model(model.Name, model.Version)).Found;
        bool agrees = released?.Version == model.Version && released.Sha256 == model.Sha256 && file?.Sha256 == model.Sha256;
        Add(agrees, subject, agrees
            ? $"the report, release {release.Number} and the targets metadata name one digest, {model.Sha256}"
            : $"the report names the digest {model.Sha256}, release {release.Number} {Describe(released)}, and the targets metadata "
                + (file?.Sha256 ?? "none"));
        return agrees ? file : null;
    }

    private static string Describe(ReleasedModel? released) =>
        released is null ? "has no such model" : $"version {released.Version} with {released.Sha256}";
}
