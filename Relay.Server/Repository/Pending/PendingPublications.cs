using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Pending;

/// <summary>Publications that wait for signatures, compared with what is current. One that another publication has superseded is not
/// among them: it can never become current, and the next change removes it.</summary>
/// <param name="lowestVersion">What is below it was staged before a loss, and nodes would refuse it; 0: none.</param>
internal sealed class PendingPublications(PendingFolder folder, long lowestVersion)
{
    /// <summary>All of them, without test results, which are read for one publication at a time.</summary>
    public IReadOnlyList<PendingPublication> List(RepositorySnapshot snapshot) =>
        [.. folder.Ids().Select(id => Find(id, snapshot, IsShort)).OfType<PendingPublication>()];

    /// <summary>Their summaries alone: for what asks all the time and needs no document.</summary>
    public IReadOnlyList<PendingSummary> ListSummaries(RepositorySnapshot snapshot) =>
        [.. folder.Ids().Select(folder.FindSummary).OfType<PendingSummary>().Where(summary => summary.Version > snapshot.Targets.Version)];

    /// <summary>Null when there is no such publication, or it is superseded.</summary>
    public PendingPublication? Find(string id, RepositorySnapshot snapshot) =>
        Find(id, snapshot, path => IsShort(path) || TargetPaths.IsTestResult(path));

    private static bool IsShort(string path) => path == TargetPaths.Policy || TargetPaths.ReleaseNumberOf(path) is not null;

    private PendingPublication? Find(string id, RepositorySnapshot snapshot, Predicate<string> isWanted)
    {
        if (folder.ReadMetadata(id) is not { } metadata)
        {
            return null;
        }

        UntrustedMetadata read = Parse(metadata);
        PendingSummary summary = folder.ReadSummary(id);
        KeyGroup group = snapshot.Assignments.Targets;
        if (read.Metadata is not TargetsMetadata targets || targets.Version <= snapshot.Targets.Version
            || targets.Version < lowestVersion)
        {
            return null;
        }

        TargetFile[] added = [.. targets.Files.Values
            .Where(file => !IsSame(file, snapshot.Targets.Files.GetValueOrDefault(file.Path)))
            .OrderBy(file => file.Path, StringComparer.Ordinal)];
        return new(
            id, summary.CreatedAt, metadata, targets.Version, targets.Expires, group.Threshold, group.SignersOf(read),
            [.. group.Keys.Select(key => key.Id)], added, folder.ReadChannels(id))
        {
            Documents = [.. added
                .Where(file => isWanted(file.Path))
                .Select(file => ReadDocument(id, file))
                .OfType<PendingDocument>()],
            AcceptsSchemaChange = summary.AcceptsSchemaChange,
            ProposedBy = summary.ProposedBy,
        };
    }

    // One of the two may be of a relay that listed SHA-512 as well.
    private static bool IsSame(TargetFile file, TargetFile? present) => file.WithSha256Alone() == present?.WithSha256Alone();

    /// <summary>A publication that makes the same change and does not expire before the time.</summary>
    public PendingPublication? FindSame(RepositoryChange change, RepositorySnapshot snapshot, DateTimeOffset validUntil) =>
        change.ChannelKeys is not null ? null : List(snapshot).FirstOrDefault(present =>
            present.Expires > validUntil
            && ((TargetsMetadata)Parse(present.Metadata).Metadata).Files.Values.ToHashSet().SetEquals(change.Targets)
            && present.Channels.SequenceEqual(change.ChangedChannels));

    /// <returns>The id of the publication.</returns>
    public string Add(byte[] metadata, RepositoryChange change, DateTimeOffset now)
    {
        PendingSummary summary = PendingSummary.Create(Parse(metadata), change, now);
        folder.Add(summary.Id, metadata, summary, change);
        return summary.Id;
    }

    /// <summary>Notes on a publication that the operator accepts the change of a schema.</summary>
    public void AcceptSchemaChange(string id) => folder.ReplaceSummary(id, folder.ReadSummary(id) with { AcceptsSchemaChange = true });

    public bool Contains(string id) => folder.ReadMetadata(id) is not null;

    public void ReplaceMetadata(string id, byte[] metadata) => folder.ReplaceMetadata(id, metadata);

    /// <summary>The bytes of a file that came with the publication; null when it did not.</summary>
    public byte[]? ReadContent(string id, TargetFile file) => folder.ReadContent(id, file);

    public void Remove(string id) => folder.Remove(id);

    public void RemoveSuperseded(RepositorySnapshot snapshot)
    {
        foreach (string id in folder.Ids().Where(id => Find(id, snapshot) is null))
        {
            folder.Remove(id);
        }
    }

    /// <summary>Null where it is damaged: the publication is listed all the same, and cannot become current.</summary>
    private PendingDocument? ReadDocument(string id, TargetFile file) =>
        folder.ReadContent(id, file) is { } content && file.Check(content) is null ? new(file, content) : null;

    /// <summary>Ids of the keys of channels that any of the publications lists.</summary>
    public IReadOnlyList<string> ListedKeyIds() => [.. folder.Ids()
        .Select(id => Parse(folder.ReadMetadata(id)!).Metadata).OfType<TargetsMetadata>()
        .SelectMany(targets => targets.Delegations?.Keys.Keys ?? [])];

    /// <exception cref="InvalidDataException">A stored file is not metadata.</exception>
    public static UntrustedMetadata Parse(ReadOnlyMemory<byte> file)
    {
        Result<UntrustedMetadata> metadata = UntrustedMetadata.Read(file);
        return metadata.Value ?? throw new InvalidDataException($"A pending publication is damaged: {metadata.Refusal!.Detail}.");
    }
}
