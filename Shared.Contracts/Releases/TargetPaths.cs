using System.Globalization;

namespace Shared.Contracts.Releases;

/// <summary>Names of the files that targets metadata lists, and the check that a name stays inside its folder.</summary>
public static class TargetPaths
{
    /// <summary>PEM certificates of the CMS roots.</summary>
    public const string Anchors = "trust/anchors.pem";

    /// <summary>The <see cref="TrustPolicy"/>.</summary>
    public const string Policy = "trust/policy.json";

    /// <summary>PEM certificates of the roots of time-stamp authorities (RFC 3161); a repository may have none.</summary>
    public const string TimestampAnchors = "trust/tsa-anchors.pem";

    public const string SignatureSuffix = ".p7s";

    private const int MaximumLength = 512;

    public static string Release(int number) => string.Create(CultureInfo.InvariantCulture, $"releases/{number}.json");

    public static string Channel(string channel) => $"channels/{channel}.json";

    public static string Model(string name, int version) =>
        InFolder(name, version, "model.onnx");

    /// <summary>The OpenSSF model signature of a version: a Sigstore bundle that the <c>model_signing</c> tool reads.</summary>
    public static string ModelSignature(string name, int version) => InFolder(name, version, "model.sig");

    /// <summary>Where a version comes from: SLSA provenance in a DSSE envelope.</summary>
    public static string Provenance(string name, int version) => InFolder(name, version, "provenance.dsse.json");

    /// <summary>What a version was tested with: an in-toto test result in a DSSE envelope.</summary>
    public static string TestResult(string name, int version) => InFolder(name, version, "test-result.dsse.json");

    /// <summary>The detached CMS signature of a file.</summary>
    public static string SignatureOf(string path) => path + SignatureSuffix;

    /// <summary>The name on disk and over HTTP with consistent snapshots: <c>releases/&lt;hash&gt;.1.json</c>.</summary>
    /// <param name="hash">Lower-case hex of one of the hashes that the metadata lists.</param>
    public static string Consistent(string path, string hash)
    {
        int file = path.LastIndexOf('/') + 1;
        return $"{path[..file]}{hash}.{path[file..]}";
    }

    /// <summary>
    /// True for a relative path of plain segments: no empty, <c>.</c> or <c>..</c> segment, no backslash, colon, percent sign or
    /// control character, so that it means the same file on every system and in every URL.
    /// </summary>
    public static bool IsSafe(string path) =>
        path.Length is > 0 and <= MaximumLength && path.Split('/').All(IsSafeSegment);

    /// <summary>True for a name of 1 to 128 letters, digits, dots, hyphens and underscores that does not start with a dot.</summary>
    public static bool IsSafeName(string name) =>
        name.Length is > 0 and <= 128 && name[0] != '.'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static string InFolder(string name, int version, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"models/{name}/{version}/{file}");

    private static bool IsSafeSegment(string segment) =>
        segment is not ("" or "." or "..") && !segment.Any(c => c is '\\' or ':' or '%' or '?' or '#' || char.IsControl(c));
}
