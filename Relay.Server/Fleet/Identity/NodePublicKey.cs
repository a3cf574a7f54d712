using System.Security.Cryptography;
using Shared.Contracts.Keys;

namespace Relay.Server.Fleet.Identity;

/// <summary>The public half of a node's key: ECDSA on P-256, in its canonical encoding.</summary>
internal sealed class NodePublicKey
{
    private ECDsa? _imported;

    private NodePublicKey(CanonicalPublicKey key) => (SubjectPublicKeyInfo, Identity) = (key.SubjectPublicKeyInfo, key.Identity);

    /// <summary>DER.</summary>
    public byte[] SubjectPublicKeyInfo { get; }

    /// <summary>The same for two keys only when they are one.</summary>
    public string Identity { get; }

    /// <summary>Reads a SubjectPublicKeyInfo in base64.</summary>
    /// <param name="error">Why there is no key; empty when there is one.</param>
    public static NodePublicKey? Read(string base64, out string error)
    {
        byte[] der = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, der, out int length))
        {
            error = "the text is not base64";
            return null;
        }

        return Read(der.AsSpan(0, length), out error);
    }

    /// <summary>Reads a SubjectPublicKeyInfo.</summary>
    /// <param name="error">Why there is no key; empty when there is one.</param>
    public static NodePublicKey? Read(ReadOnlySpan<byte> subjectPublicKeyInfo, out string error)
    {
        if (CanonicalPublicKey.Read(subjectPublicKeyInfo, out error) is not { } key)
        {
            return null;
        }

        if (key.Curve != CanonicalPublicKey.P256)
        {
            error = "the key is not on the curve P-256";
            return null;
        }

        try
        {
            // A point that is not on the curve is refused here, and not at the first signature.
            Import(key.SubjectPublicKeyInfo).Dispose();
            return new NodePublicKey(key);
        }
        catch (CryptographicException)
        {
            error = "the key is no point of the curve P-256";
            return null;
        }
    }

    public bool Verifies(SignedRequest request)
    {
        // The platform's key serves one thread at a time: to import it takes three times as long as to verify a signature.
        ECDsa key = Interlocked.Exchange(ref _imported, null) ?? Import(SubjectPublicKeyInfo);
        bool isValid = request.Signature.IsValidFor(request.Components, key);
        Interlocked.Exchange(ref _imported, key)?.Dispose();
        return isValid;
    }

    private static ECDsa Import(byte[] subjectPublicKeyInfo)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
