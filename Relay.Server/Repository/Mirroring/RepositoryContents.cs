using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Mirroring;

/// <summary>Everything that one timestamp refers to, verified.</summary>
/// <param name="Metadata">By path, each after the files whose digests it lists, roots last; without the timestamp.</param>
/// <param name="Targets">What all roles list; the bytes are still to be read.</param>
internal sealed record RepositoryContents(
    TrustedMetadata Trusted, IReadOnlyList<(string Path, byte[] Content)> Metadata, byte[] Timestamp, IReadOnlyList<TargetFile> Targets)
{
    public const string TimestampPath = $"{RepositoryFiles.MetadataFolder}/{MetadataPaths.Timestamp}";

    /// <summary>The path of a target under one of its hashes.</summary>
    public static string PathOf(TargetFile file, string hash) =>
        $"{RepositoryFiles.TargetsFolder}/{TargetFile.WithHash(file.Path, hash)}";

    /// <summary>The bytes of a target.</summary>
    /// <exception cref="InvalidDataException">They are not there, or are not what was signed for.</exception>
    public static async Task<byte[]> ReadAsync(IStaticFileSource files, TargetFile file, CancellationToken cancellationToken)
    {
        byte[] content = await files.ReadAsync(PathOf(file, file.Hashes.Preferred), file.Length, cancellationToken)
            ?? throw new InvalidDataException($"The repository lacks the target '{file.Path}'.");
        return file.Check(content) is { } refusal
            ? throw new InvalidDataException($"The repository's '{file.Path}' is damaged: {refusal.Detail}.")
            : content;
    }
}
