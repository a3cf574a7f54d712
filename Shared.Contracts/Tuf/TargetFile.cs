using System.Text.Json;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;

namespace Shared.Contracts.Tuf;

/// <summary>A file that targets metadata vouches for.</summary>
/// <param name="Path">Relative, with slashes, as listed.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Label">What it is, where the file is a model; null for others and for foreign repositories.</param>
public sealed record TargetFile(string Path, long Length, FileHashes Hashes, TargetLabel? Label)
{
    /// <summary>Lower-case hex; our relays always list it.</summary>
    public string? Sha256 => Hashes.Sha256;

    /// <summary>Where to fetch it under <c>targets/</c> when the repository has consistent snapshots.</summary>
    public string ConsistentPath => TargetPaths.Consistent(Path, Hashes.Preferred);

    /// <summary>TUF 5.7.3: the content has the listed length and hashes. Null when it does.</summary>
    public Refusal? Check(ReadOnlySpan<byte> content) =>
        content.Length != Length
            ? new(RefusalReason.ArtifactLengthMismatch, Path, $"{content.Length} bytes instead of {Length}")
            : Hashes.Match(content) ? null : new(RefusalReason.ArtifactHashMismatch, Path, "the content is not what was signed for");

    internal static TargetFile Read(string path, JsonElement file) => new(
        path, file.Whole("length", 0), FileHashes.Read(file.Member("hashes")), TargetLabel.Read(file.Optional("custom")));
}

/// <summary>The <c>custom</c> member of a model's target: so that a valid file under the wrong name is seen.</summary>
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
