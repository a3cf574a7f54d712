using System.Security.Cryptography;

namespace Relay.Server.Keys.Encryption;

/// <summary>Private keys as PEM: PKCS#8, and under a passphrase as its standard has it (PBES2 with AES-256 and PBKDF2), which OpenSSL
/// reads too.</summary>
internal static class KeyPem
{
    /// <summary>For the keys of a relay: ten times what OpenSSL takes. A key folder has a dozen keys, and each start derives one for each; the
    /// passphrase is a file of some length, and not what a person types.</summary>
    public const int RelayIterations = 20_000;

    /// <summary>For the keys of people, which are read one at a time: what OWASP asks for.</summary>
    public const int OfflineIterations = 600_000;

    private const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    public static bool HasKey(string text) => text.Contains("PRIVATE KEY-----", StringComparison.Ordinal);

    public static bool IsEncrypted(string text) => text.Contains($"-----BEGIN {EncryptedLabel}-----", StringComparison.Ordinal);

    /// <param name="passphrase">Null: the key is written as it is.</param>
    /// <param name="iterations">Of the derivation from the passphrase.</param>
    public static string Write(ECDsa key, string? passphrase, int iterations = RelayIterations) => passphrase is null
        ? key.ExportPkcs8PrivateKeyPem()
        : key.ExportEncryptedPkcs8PrivateKeyPem(
            passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterations));

    /// <summary>The key of a text that may have a certificate beside it.</summary>
    /// <param name="path">Where the text is from, for errors.</param>
    /// <param name="passphrase">Null: none is known.</param>
    /// <exception cref="CryptographicException">It has no ECDSA key, or more than one key.</exception>
    /// <exception cref="InvalidDataException">The key is encrypted, and the passphrase is missing or another one.</exception>
    public static ECDsa Read(string text, string path, string? passphrase)
    {
        string pem = text[Find(text)];
        bool isEncrypted = IsEncrypted(pem);
        if (isEncrypted && passphrase is null)
        {
            throw new InvalidDataException($"'{path}' is encrypted: name the file of its passphrase by --key-passphrase-file.");
        }

        ECDsa key = ECDsa.Create();
        try
        {
            if (isEncrypted)
            {
                key.ImportFromEncryptedPem(pem, passphrase);
            }
            else
            {
                key.ImportFromPem(pem);
            }

            return key;
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw isEncrypted
                ? new InvalidDataException($"The passphrase does not open '{path}': it is another one, or the file is damaged.", unreadable)
                : new CryptographicException("not one PEM of a private key", unreadable);
        }
    }

    /// <summary>The text with its key written anew; what lies beside the key stays.</summary>
    public static string Replace(string text, ECDsa key, string? passphrase, int iterations = RelayIterations)
    {
        Range place = Find(text);
        return string.Concat(text.AsSpan()[..place.Start], Write(key, passphrase, iterations), text.AsSpan()[place.End..]);
    }

    /// <summary>The place of the key. A file of several is refused: the others would stay as they are.</summary>
    /// <exception cref="CryptographicException">There is no key, or more than one.</exception>
    private static Range Find(string text)
    {
        Range? found = null;
        int start = 0;
        while (PemEncoding.TryFind(text.AsSpan(start), out PemFields fields))
        {
            if (text.AsSpan(start)[fields.Label].EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            {
                found = found is null
                    ? (start + fields.Location.Start.Value)..(start + fields.Location.End.Value)
                    : throw new CryptographicException("more than one private key: give each a file of its own");
            }

            start += fields.Location.End.Value;
        }

        return found ?? throw new CryptographicException("not one PEM of a private key");
    }
}
