using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Shared.Contracts.Releases;

namespace Shared.Contracts.Cms;

/// <summary>The target <c>trust/anchors.pem</c>: certificates of the roots that a model's signer must chain to.
/// <c>trust/tsa-anchors.pem</c> has the same form.</summary>
public static class TrustAnchors
{
    /// <summary>Reads a verified target. A file without certificates is refused as <see cref="RefusalReason.ReleaseMalformed"/>.</summary>
    public static Result<X509Certificate2Collection> Read(ReadOnlySpan<byte> pem, string subject = TargetPaths.Anchors)
    {
        X509Certificate2Collection anchors = [];
        try
        {
            anchors.ImportFromPem(Encoding.ASCII.GetString(pem));
        }
        catch (CryptographicException malformed)
        {
            return new Refusal(RefusalReason.ReleaseMalformed, subject, malformed.Message);
        }

        return anchors.Count > 0 ? anchors : new Refusal(RefusalReason.ReleaseMalformed, subject, "no certificate");
    }
}
