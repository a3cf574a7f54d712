using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tuf;

/// <summary>A file that targets metadata lists.</summary>
/// <param name="Path">Relative, with slashes, as listed.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Label">Model and version, where the file is a model; null for other files and for foreign repositories.</param>
public sealed record TargetFile(string Path, long Length, FileHashes Hashes, TargetLabel? Label)
{
    private const int MaxPathLength = 512;

    /// <summary>Lower-case hex; our relays always list it.</summary>
    public string? Sha256 => Hashes.Sha256;

    /// <summary>Its path under <c>targets/</c> when the repository has consistent snapshots.</summary>
    public string ConsistentPath => WithHash(Path, Hashes.Preferred);

    /// <summary>TUF 5.7.3: the content has the listed length and hashes. Null when it does.</summary>
    public Refusal? Check(ReadOnlySpan<byte> content) =>
        content.Length != Length
            ? new(RefusalReason.ArtifactLengthMismatch, Path, $"{content.Length} bytes instead of {Length}")
            : Hashes.Match(content) ? null : new(RefusalReason.ArtifactHashMismatch, Path, "the content is not the one that was signed");

    /// <summary>The path on disk and over HTTP with consistent snapshots: <c>releases/&lt;hash&gt;.1.json</c>.</summary>
    /// <param name="hash">Lower-case hex of one of the hashes that the metadata lists.</param>
    public static string WithHash(string path, string hash)
    {
        int file = path.LastIndexOf('/') + 1;
        return $"{path[..file]}{hash}.{path[file..]}";
    }

    /// <summary>
    /// True for a relative path of plain segments: no empty, <c>.</c> or <c>..</c> segment, no backslash, colon, percent sign or
    /// character that is not plain (<see cref="DisplayText.IsPlain"/>), so that it means the same file on every system and in every URL.
    /// </summary>
    public static bool IsSafePath(string path) => path.Length is > 0 and <= MaxPathLength && path.Split('/').All(IsSafeSegment);

    private static bool IsSafeSegment(string segment) =>
        segment is not ("" or "." or "..") && DisplayText.IsPlain(segment) && !segment.Any(c => c is '\\' or ':' or '%' or '?' or '#');

    internal static TargetFile Read(string path, JsonElement file) => new(
        path, file.Integer("length", 0), FileHashes.Read(file.Member("hashes")), TargetLabel.Read(file.Optional("custom")));
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
