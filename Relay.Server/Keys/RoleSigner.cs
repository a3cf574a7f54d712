using System.Security.Cryptography;
using Relay.Server.Keys.Encryption;
using Shared.Contracts.Tuf;

namespace Relay.Server.Keys;

/// <summary>A private key that signs metadata. A key that lives in an HSM is an <see cref="ECDsa"/> that overrides <c>SignHash</c>.</summary>
internal sealed class RoleSigner : IDisposable
{
    private readonly ECDsa _key;

    public RoleSigner(ECDsa key)
    {
        _key = key;
        Public = VerificationKey.FromEcdsa(key.ExportSubjectPublicKeyInfoPem());
    }

    public VerificationKey Public { get; }

    public string KeyId => Public.Id;

    /// <summary>Reads a private key from PEM.</summary>
    /// <param name="path">Where it is from, for errors.</param>
    /// <param name="passphrase">Null: none is known.</param>
    /// <exception cref="CryptographicException">It is not a private key on the curve P-256.</exception>
    /// <exception cref="InvalidDataException">It is encrypted, and the passphrase is missing or another one.</exception>
    public static RoleSigner FromPem(string pem, string path, string? passphrase)
    {
        ECDsa key = KeyPem.Read(pem, path, passphrase);
        try
        {
            _ = key.SignHash(new byte[SHA256.HashSizeInBytes]);
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
