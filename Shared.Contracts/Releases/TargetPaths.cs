using System.Globalization;

namespace Shared.Contracts.Releases;

/// <summary>Paths of the files that targets metadata lists.</summary>
public static class TargetPaths
{
    /// <summary>PEM certificates of the CMS roots.</summary>
    public const string Anchors = "trust/anchors.pem";

    /// <summary>The <see cref="TrustPolicy"/>.</summary>
    public const string Policy = "trust/policy.json";

    /// <summary>PEM certificates of the roots of time-stamp authorities (RFC 3161); a repository may have none.</summary>
    public const string TimestampAnchors = "trust/tsa-anchors.pem";

    public const string SignatureSuffix = ".p7s";

    private const string ReleaseFolder = "releases/";
    private const string JsonSuffix = ".json";

    public static string Release(int number) => string.Create(CultureInfo.InvariantCulture, $"{ReleaseFolder}{number}{JsonSuffix}");

    /// <summary>The number of the release whose path it is; null for any other path.</summary>
    public static int? ReleaseNumberOf(string path) =>
        path.StartsWith(ReleaseFolder, StringComparison.Ordinal) && path.EndsWith(JsonSuffix, StringComparison.Ordinal)
        && int.TryParse(path.AsSpan()[ReleaseFolder.Length..^JsonSuffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && Release(number) == path
            ? number
            : null;

    public static string Channel(string channel) => $"channels/{channel}.json";

    public static string Model(string name, int version) =>
        InFolder(name, version, "model.onnx");

    /// <summary>The OpenSSF model signature of a version: a Sigstore bundle that the <c>model_signing</c> tool reads.</summary>
    public static string ModelSignature(string name, int version) => InFolder(name, version, "model.sig");

    /// <summary>The origin of a version: SLSA provenance in a DSSE envelope.</summary>
    public static string Provenance(string name, int version) => InFolder(name, version, "provenance.dsse.json");

    /// <summary>The tests of a version: an in-toto test result in a DSSE envelope.</summary>
    public static string TestResult(string name, int version) => InFolder(name, version, "test-result.dsse.json");

    /// <summary>True for the path of a version's test result.</summary>
    public static bool IsTestResult(string path) =>
        path.StartsWith("models/", StringComparison.Ordinal) && path.EndsWith("/test-result.dsse.json", StringComparison.Ordinal);

    /// <summary>The detached CMS signature of a file.</summary>
    public static string SignatureOf(string path) => path + SignatureSuffix;

    /// <summary>True for a name of 1 to 128 letters, digits, dots, hyphens and underscores that does not start with a dot.</summary>
    public static bool IsSafeName(string name) =>
        RelayName.IsValidNode(name) && name[0] != '.';

    private static string InFolder(string name, int version, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"models/{name}/{version}/{file}");
}
