using System.Security.Cryptography;
using Relay.Server.Keys.Signers;
using Shared.Contracts.Tuf;

namespace Relay.Server.Keys;

/// <summary>A private key that signs metadata: of a PEM file, or in an HSM that a command reaches.</summary>
internal sealed class RoleSigner : IDisposable
{
    private readonly ECDsa _key;

    public RoleSigner(ECDsa key)
    {
        _key = key;
        Public = VerificationKey.FromEcdsa(key.ExportSubjectPublicKeyInfoPem());
    }

    public VerificationKey Public { get; }

    /// <summary>True where a command signs.</summary>
    public bool IsCommand => _key is CommandEcdsa;

    public string KeyId => Public.Id;

    /// <summary>Takes a key once it has made a signature, so that one which cannot is found at a start and not at a publication.</summary>
    /// <exception cref="CryptographicException">It is not a private key on the curve P-256, or its command fails.</exception>
    public static RoleSigner Test(ECDsa key)
    {
        try
        {
            _ = key.SignHash(SHA256.HashData("test signature"u8));
            return new(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Hex of the signature in DER.</summary>
    public string Sign(ReadOnlySpan<byte> canonical) => Convert.ToHexStringLower(
        _key.SignData(canonical, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public void Dispose() => _key.Dispose();
}
