namespace Relay.Server.Cli.Downloads;

/// <summary>The verified files of a version.</summary>
/// <param name="Files">By name.</param>
/// <param name="IsPublished">False for a version that no release had: it has no statements yet.</param>
internal sealed record DownloadedVersion(IReadOnlyDictionary<string, byte[]> Files, bool IsPublished, bool IsRevoked, string AnchorsSha256)
{
    public const string Anchors = "anchors.pem";
    public const string TimestampAnchors = "tsa-anchors.pem";
    public const string Bom = "bom.cdx.json";
    public const string Golden = "golden-vectors.json";

    /// <summary>The digests of all files, as <c>sha256sum</c> takes them.</summary>
    public const string Digests = "SHA256SUMS";
}
