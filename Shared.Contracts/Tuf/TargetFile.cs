using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tuf;

/// <summary>A file that targets metadata lists.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Label">Model and version, where the file is a model; null for other files and for foreign repositories.</param>
public sealed record TargetFile(TargetPath Path, long Length, FileHashes Hashes, TargetLabel? Label)
{
    /// <summary>Lower-case hex; our relays always list it.</summary>
    public string? Sha256 => Hashes.Sha256;

    /// <summary>Its path under <c>targets/</c> when the repository has consistent snapshots.</summary>
    public string ConsistentPath => Path.WithHash(Hashes.Preferred);

    /// <summary>Its paths under <c>targets/</c>, one for each listed hash: a client may request any of them (TUF 6.2.1).</summary>
    internal IEnumerable<string> ConsistentPaths => new[] { Hashes.Sha256, Hashes.Sha512 }.OfType<string>().Select(Path.WithHash);

    /// <summary>TUF 5.7.3: the content has the listed length and hashes. Null when it does.</summary>
    public Refusal? Check(ReadOnlySpan<byte> content) => CheckLength(content.Length) ?? CheckHashes(Hashes.ComputeSame(content));

    /// <summary>The same file as our relays list it: by its SHA-256 alone, where that is listed.</summary>
    internal TargetFile WithSha256Alone() => Hashes is { Sha256: not null, Sha512: not null }
        ? this with { Hashes = Hashes with { Sha512 = null } }
        : this;

    internal Refusal? CheckLength(long length) => length == Length
        ? null
        : new(RefusalReason.ArtifactLengthMismatch, Path, $"{length} bytes instead of {Length}");

    internal Refusal? CheckHashes(FileHashes ofContent) => (ofContent.Sha256 ?? ofContent.Sha512) is not null && ofContent == Hashes
        ? null
        : new(RefusalReason.ArtifactHashMismatch, Path, "the content is not the one that was signed");

    internal static TargetFile Read(string path, JsonElement file) => new(
        TargetPath.Parse(path), file.Integer("length", 0), FileHashes.Read(file.Member("hashes")), TargetLabel.Read(file.Optional("custom")));
}

/// <summary>The <c>custom</c> member of a model's target. It reveals a valid file under the wrong name.</summary>
public sealed record TargetLabel(string Model, int Version, int Release)
{
    internal static TargetLabel? Read(JsonElement? custom) =>
        custom is { ValueKind: JsonValueKind.Object } given
        && given.TryGetProperty("model", out JsonElement model) && model.ValueKind == JsonValueKind.String
        && given.TryGetProperty("version", out JsonElement version) && version.ValueKind == JsonValueKind.Number
        && given.TryGetProperty("release", out JsonElement release) && release.ValueKind == JsonValueKind.Number
        && version.TryGetInt32(out int versionNumber) && release.TryGetInt32(out int releaseNumber)
            ? new(model.Text(), versionNumber, releaseNumber)
            : null;
}
