using System.Security.Cryptography;
using System.Text;

namespace Relay.Server.Storage.Folders;

/// <summary>Encrypts the files of a data folder that are secret, for their way through a database: AES-256-GCM under a key that the operator gives to
/// each machine. A sealed file opens under its own name alone.</summary>
internal sealed class FolderSeal
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const byte Version = 1;
    private const int HeaderBytes = 1 + NonceBytes + TagBytes;
    private const int MaximumFileBytes = 4096;

    private readonly byte[] _key;

    private FolderSeal(byte[] key) => _key = key;

    /// <summary>True for the files that are sealed: keys, and what names them.</summary>
    /// <param name="name">The path below the data folder, with slashes.</param>
    public static bool IsSecret(string name) =>
        name.StartsWith("keys/", StringComparison.Ordinal) || name.StartsWith("tls/", StringComparison.Ordinal) || name == "signer.json";

    /// <param name="file">A file with 64 hexadecimal digits.</param>
    /// <exception cref="RelayStartException">It is no such file.</exception>
    public static FolderSeal Read(string file)
    {
        try
        {
            using FileStream opened = new(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            byte[] text = new byte[MaximumFileBytes];
            string digits = Encoding.ASCII.GetString(text, 0, opened.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)).Trim();
            return digits.Length == 2 * KeyBytes && digits.All(char.IsAsciiHexDigit)
                ? new(Convert.FromHexString(digits))
                : throw new RelayStartException(
                    $"'{file}' is not a key for the files of a data folder: it must have {2 * KeyBytes} hexadecimal digits, "
                    + "as of openssl rand -hex 32.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RelayStartException($"The key of the data folder cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Encrypts a file.</summary>
    /// <param name="name">Its path below the data folder, with slashes.</param>
    public byte[] Seal(string name, ReadOnlySpan<byte> content)
    {
        byte[] sealedContent = new byte[HeaderBytes + content.Length];
        sealedContent[0] = Version;
        Span<byte> nonce = sealedContent.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm cipher = new(_key, TagBytes);
        cipher.Encrypt(
            nonce, content, sealedContent.AsSpan(HeaderBytes), sealedContent.AsSpan(1 + NonceBytes, TagBytes), Encoding.UTF8.GetBytes(name));
        return sealedContent;
    }

    /// <exception cref="RelayStartException">It was sealed by another key or under another name, or was changed.</exception>
    public byte[] Open(string name, ReadOnlySpan<byte> sealedContent)
    {
        try
        {
            if (sealedContent.Length < HeaderBytes || sealedContent[0] != Version)
            {
                throw new CryptographicException("it has another form");
            }

            byte[] content = new byte[sealedContent.Length - HeaderBytes];
            using AesGcm cipher = new(_key, TagBytes);
            cipher.Decrypt(
                sealedContent.Slice(1, NonceBytes), sealedContent[HeaderBytes..], sealedContent.Slice(1 + NonceBytes, TagBytes), content,
                Encoding.UTF8.GetBytes(name));
            return content;
        }
        catch (CryptographicException e)
        {
            throw new RelayStartException(
                $"'{name}' of the data folder in the database does not open by this key: give each relay the same --folder-key-file. "
                + $"({e.Message})", e);
        }
    }
}
