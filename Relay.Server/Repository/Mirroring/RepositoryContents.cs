using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Mirroring;

/// <summary>Everything that one timestamp refers to, verified.</summary>
/// <param name="Metadata">By path, each after the files whose digests it lists, roots last; without the timestamp.</param>
/// <param name="Targets">What a node would find: each is listed by a role that is trusted for its path. The bytes are still to be read.</param>
internal sealed record RepositoryContents(
    TrustedMetadata Trusted, IReadOnlyList<(string Path, byte[] Content)> Metadata, byte[] Timestamp, IReadOnlyList<TargetFile> Targets)
{
    public const string TimestampPath = $"{RepositoryFiles.MetadataFolder}/{MetadataPaths.Timestamp}";

    /// <summary>The path of a target under its preferred hash.</summary>
    public static string PathOf(TargetFile file) => $"{RepositoryFiles.TargetsFolder}/{file.ConsistentPath}";

    /// <summary>The paths of a target, one for each of its hashes.</summary>
    public static IEnumerable<string> PathsOf(TargetFile file) => file.ConsistentPaths.Select(path => $"{RepositoryFiles.TargetsFolder}/{path}");

    /// <summary>The bytes of a target, whole in memory.</summary>
    /// <exception cref="InvalidDataException">They are not there, or are not what was signed for.</exception>
    public static async Task<byte[]> ReadAsync(IStaticFileSource files, TargetFile file, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        await CopyAsync(files, PathOf(file), file, content, cancellationToken);
        return content.ToArray();
    }

    /// <summary>The bytes of a target that a trusted role lists, whole in memory; null where none lists it.</summary>
    /// <exception cref="InvalidDataException">They are not there, or are not what was signed for.</exception>
    public async Task<byte[]?> ReadListedAsync(IStaticFileSource files, string path, CancellationToken cancellationToken) =>
        FindListed(path) is { } listed ? await ReadAsync(files, listed, cancellationToken) : null;

    /// <exception cref="InvalidDataException">No role lists it, or its bytes are not there, or are not what was signed for.</exception>
    public async Task<byte[]> RequireListedAsync(IStaticFileSource files, string path, CancellationToken cancellationToken) =>
        await ReadListedAsync(files, path, cancellationToken)
        ?? throw new InvalidDataException($"The repository lists no '{path}', which a node needs.");

    public TargetFile? FindListed(string path) => Targets.FirstOrDefault(file => file.Path.Value == path);

    /// <summary>Writes the bytes of a target part by part.</summary>
    /// <param name="path">Where the source has them.</param>
    /// <param name="to">Nothing may use what was written before this returns.</param>
    /// <exception cref="InvalidDataException">They are not there, or are not what was signed for.</exception>
    public static async Task CopyAsync(
        IStaticFileSource files, string path, TargetFile file, Stream to, CancellationToken cancellationToken)
    {
        using TargetCheck check = new(file);
        bool found = await files.CopyAsync(
            path,
            file.Length,
            (part, stop) =>
            {
                check.Append(part.Span);
                return to.WriteAsync(part, stop);
            },
            cancellationToken);
        if (!found)
        {
            throw new InvalidDataException($"The repository lacks the target '{file.Path}'.");
        }

        if (check.Finish() is { } refusal)
        {
            throw new InvalidDataException($"The repository's '{file.Path}' is damaged: {refusal.Detail}.");
        }
    }
}
