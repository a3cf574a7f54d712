using System.Security.Cryptography;
using System.Text;
using Shared.Contracts;
using Shared.Contracts.Keys;
using Shared.Contracts.Nodes;

namespace Sync.Client.Identity;

/// <summary>The node's own key pair, ECDSA on P-256: the relay keeps the public half, and the node signs its requests with the other one. For any
/// thread.</summary>
internal sealed class NodeKey : IDisposable
{
    private const string Label = "PRIVATE KEY";
    private readonly Lock _gate = new();
    private readonly ECDsa _key;

    private NodeKey(ECDsa key)
    {
        (_key, PublicKey) = (key, key.ExportSubjectPublicKeyInfo());
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(PublicKey));
    }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[] PublicKey { get; }

    /// <summary>SHA-256 of the public key, lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    public static NodeKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The key in the form of <see cref="ToPem"/>; null for anything else.</summary>
    public static NodeKey? FromPem(ReadOnlySpan<byte> pem)
    {
        ECDsa? key = null;
        try
        {
            string text = Encoding.ASCII.GetString(pem);
            if (!PemEncoding.TryFind(text, out PemFields fields) || text[fields.Label] is not Label)
            {
                return null;
            }

            byte[] der = Convert.FromBase64String(text[fields.Base64Data]);
            key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(der, out int read);
            if (read == der.Length && CanonicalPublicKey.Read(key.ExportSubjectPublicKeyInfo(), out _)?.Curve == CanonicalPublicKey.P256)
            {
                NodeKey whole = new(key);
                key = null;
                return whole;
            }

            return null;
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            key?.Dispose();
        }
    }

    /// <summary>PKCS#8 in PEM, without a password.</summary>
    public byte[] ToPem()
    {
        lock (_gate)
        {
            return Encoding.ASCII.GetBytes(_key.ExportPkcs8PrivateKeyPem() + "\n");
        }
    }

    /// <summary>Signs a request of this node.</summary>
    /// <param name="created">The time of the signature.</param>
    public RequestSignature Sign(CoveredComponents components, string nodeId, DateTimeOffset created)
    {
        lock (_gate)
        {
            return RequestSignature.Create(components, nodeId, created, _key);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _key.Dispose();
        }
    }
}
