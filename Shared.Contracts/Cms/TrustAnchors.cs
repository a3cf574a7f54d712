using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;

namespace Shared.Contracts.Cms;

/// <summary>The target <c>trust/anchors.pem</c>: certificates of the roots that a model's signer must chain to.
/// <c>trust/tsa-anchors.pem</c> has the same form.</summary>
public static class TrustAnchors
{
    /// <summary>Reads a verified target; no certificate in it is refused as <see cref="RefusalReason.ReleaseMalformed"/>.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> pem,
        [NotNullWhen(true)] out X509Certificate2Collection? anchors, [NotNullWhen(false)] out Refusal? refusal,
        string subject = TargetPaths.Anchors)
    {
        string wrong = "no certificate";
        anchors = [];
        try
        {
            anchors.ImportFromPem(Encoding.ASCII.GetString(pem));
        }
        catch (CryptographicException malformed)
        {
            wrong = malformed.Message;
            anchors.Clear();
        }

        refusal = anchors.Count > 0 ? null : new(RefusalReason.ReleaseMalformed, subject, wrong);
        anchors = refusal is null ? anchors : null;
        return refusal is null;
    }
}
