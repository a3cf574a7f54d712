using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts.Json;

namespace Shared.Contracts.Releases;

/// <summary>The target <c>releases/&lt;n&gt;.json</c>: model versions that are released together.</summary>
/// <param name="Number">1 or more; grows with every publication.</param>
public sealed record ReleaseManifest(int Number, DateTimeOffset Created, IReadOnlyList<ReleasedModel> Models)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TrustJson.Default.ReleaseManifest);

    /// <summary>Reads a verified target; refused as <see cref="RefusalReason.ReleaseMalformed"/>.</summary>
    /// <param name="number">The requested release; a file of another release is refused.</param>
    public static Result<ReleaseManifest> Read(ReadOnlySpan<byte> utf8, int number) =>
        TrustDocument.Read(utf8, TrustJson.Default.ReleaseManifest, TargetPaths.Release(number), read => read.FindError(number));

    private string? FindError(int number)
    {
        if (Number != number || number < 1)
        {
            return $"it is release {Number}";
        }

        if (Models.Any(model => model is null))
        {
            return "a model is null";
        }

        if (Models.DistinctBy(model => model.Name, StringComparer.Ordinal).Count() != Models.Count)
        {
            return "a model is listed twice";
        }

        return Models.Select(model => model.FindError()).FirstOrDefault(error => error is not null);
    }
}

/// <summary>One model of a release. Its length and digest must agree with those in targets metadata.</summary>
/// <param name="Path">The target path of the ONNX file.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Length">Bytes.</param>
public sealed record ReleasedModel(string Name, int Version, string Path, string Sha256, long Length)
{
    /// <summary>The target path of the detached CMS signature.</summary>
    [JsonIgnore]
    public string SignaturePath => TargetPaths.SignatureOf(Path);

    internal string? FindError() =>
        !TargetPaths.IsSafeName(Name) ? "a model's name is not plain"
        : Version < 1 || Length < 1 ? $"'{Name}' has no version or length"
        : Path != TargetPaths.Model(Name, Version) ? $"'{Name}' {Version} is not at its own path"
        : !TrustDocument.IsSha256(Sha256) ? $"'{Name}' has no digest"
        : null;
}
