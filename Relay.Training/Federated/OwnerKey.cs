using System.Security.Cryptography;
using Shared.Contracts.Keys;

namespace Relay.Training.Federated;

/// <summary>The long-lived key by which owners know each other. It signs, and does nothing else.</summary>
public sealed class OwnerKey : IDisposable
{
    private readonly ECDsa _key;

    private OwnerKey(ECDsa key)
    {
        _key = key;
        PublicKey = key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[] PublicKey { get; }

    public static OwnerKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a private key in PEM.</summary>
    /// <exception cref="RoundException">It is none, or not on the curve P-256.</exception>
    public static OwnerKey FromPem(string pem)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            _ = key.ExportParameters(includePrivateParameters: true);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new RoundException(RoundFault.NotAnOwner, "The file is no private key in PEM: create one by 'relay federate key'", e);
        }

        return FromKey(key);
    }

    /// <summary>Takes a key that was read.</summary>
    /// <param name="key">Is disposed with this.</param>
    /// <exception cref="RoundException">It is not on the curve P-256.</exception>
    public static OwnerKey FromKey(ECDsa key)
    {
        if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value is CanonicalPublicKey.P256)
        {
            return new OwnerKey(key);
        }

        key.Dispose();
        throw new RoundException(RoundFault.NotAnOwner, "The key is not on the curve P-256: create one by 'relay federate key'");
    }

    /// <summary>PKCS#8, PEM.</summary>
    public string ToPem() => _key.ExportPkcs8PrivateKeyPem();

    public void Dispose() => _key.Dispose();

    internal byte[] Sign(ReadOnlySpan<byte> bytes) =>
        _key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
