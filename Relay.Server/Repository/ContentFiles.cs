using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository;

/// <summary>Gives content its name in the repository. Content that is on the disk already, as an artifact or under another name, gets a
/// hard link, so that a model takes its space once; where links are not possible it is written again.</summary>
/// <param name="artifactsFolder">The relay's files by SHA-256; null where there are none.</param>
internal sealed class ContentFiles(DurableFiles files, string? artifactsFolder)
{
    /// <summary>The artifact with these bytes; null when there is none.</summary>
    public string? FindArtifact(TargetFile file, ReadOnlySpan<byte> content) =>
        artifactsFolder is not null && file.Sha256 is { } sha256 && Path.Combine(artifactsFolder, sha256) is var path
        && File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content)
            ? path
            : null;

    /// <param name="same">A flushed file with the same bytes; null when there is none.</param>
    /// <param name="write">Writes the content under the name.</param>
    public void Place(string name, string? same, Action write)
    {
        if (same is null || !files.TryLink(same, name))
        {
            write();
        }
    }
}
