using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository.Pending;

/// <summary>
/// Publications that wait for signatures, each a folder <c>pending/&lt;id&gt;/</c> that one rename makes appear or disappear: the metadata
/// with its signatures so far, a summary for people, and the files that will become current with it.
/// </summary>
internal sealed class PendingFolder(string root, DurableFiles files, ContentFiles contentFiles)
{
    private const string MetadataFile = "targets.json";
    private const string SummaryFile = "summary.json";
    private const string ContentFolder = "targets";
    private const string ChannelsFolder = "channels";
    private readonly string _halfMade = Path.Combine(root, ".new");

    public IReadOnlyList<string> Ids() => Directory.Exists(root)
        ? [.. Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)).Where(IsId).Order(StringComparer.Ordinal)]
        : [];

    public byte[]? ReadMetadata(string id) => IsId(id) && File.Exists(At(id, MetadataFile)) ? File.ReadAllBytes(At(id, MetadataFile)) : null;

    /// <summary>Null when there is none: the publication was removed meanwhile.</summary>
    public PendingSummary? FindSummary(string id)
    {
        try
        {
            return ReadSummary(id);
        }
        catch (Exception removed) when (removed is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public PendingSummary ReadSummary(string id) => PendingSummary.Read(File.ReadAllBytes(At(id, SummaryFile)));

    /// <summary>The bytes of a file that came with the publication; null when it did not.</summary>
    public byte[]? ReadContent(string id, TargetFile file) =>
        At(id, Path.Combine(ContentFolder, file.Sha256!)) is var path && File.Exists(path) ? File.ReadAllBytes(path) : null;

    /// <exception cref="InvalidDataException">A stored document is damaged.</exception>
    public IReadOnlyList<ChannelManifest> ReadChannels(string id) =>
        [.. Directory.EnumerateFiles(At(id, ChannelsFolder)).Order(StringComparer.Ordinal).Select(ReadChannel)];

    public void Add(string id, byte[] metadata, PendingSummary summary, RepositoryChange change)
    {
        files.DeleteFolder(_halfMade);
        files.CreateFolder(Path.Combine(_halfMade, ContentFolder));
        files.CreateFolder(Path.Combine(_halfMade, ChannelsFolder));
        files.Write(Path.Combine(_halfMade, MetadataFile), metadata);
        files.Write(Path.Combine(_halfMade, SummaryFile), summary.ToJson());
        foreach ((TargetFile file, ReadOnlyMemory<byte> content) in change.Content)
        {
            string path = Path.Combine(_halfMade, ContentFolder, file.Sha256!);
            contentFiles.Place(path, contentFiles.FindArtifact(file, content.Span), () => files.Write(path, content.Span));
        }

        foreach (ChannelManifest channel in change.ChangedChannels)
        {
            files.Write(Path.Combine(_halfMade, ChannelsFolder, channel.Channel + ".json"), channel.ToJson());
        }

        files.RenameFolder(_halfMade, Path.Combine(root, id));
    }

    public void ReplaceMetadata(string id, byte[] metadata)
    {
        files.Write(At(id, MetadataFile + ".new"), metadata);
        files.Rename(At(id, MetadataFile + ".new"), At(id, MetadataFile));
    }

    public void ReplaceSummary(string id, PendingSummary summary)
    {
        files.Write(At(id, SummaryFile + ".new"), summary.ToJson());
        files.Rename(At(id, SummaryFile + ".new"), At(id, SummaryFile));
    }

    public void Remove(string id)
    {
        string removed = Path.Combine(root, ".old");
        files.DeleteFolder(removed);
        files.RenameFolder(Path.Combine(root, id), removed);
        files.DeleteFolder(removed);
    }

    private static ChannelManifest ReadChannel(string path)
    {
        Result<ChannelManifest> channel = ChannelManifest.Read(File.ReadAllBytes(path), Path.GetFileNameWithoutExtension(path));
        return channel.Value ?? throw new InvalidDataException($"'{path}' is damaged: {channel.Refusal!.Detail}.");
    }

    /// <summary>Ids come from callers, too: only what <see cref="PendingSummary.CreateId"/> makes names a folder.</summary>
    private static bool IsId(string id) => id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private string At(string id, string file) => Path.Combine(root, id, file);
}
