using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Server.Http.Access;

/// <summary>The text of an API key: <c>relay_&lt;id&gt;_&lt;secret&gt;</c>. The id is in lists and logs, and finds the one hash to compare with.
/// A key of an earlier relay has no id in its text: the first bytes of its hash are its id.</summary>
internal static class ApiKeyText
{
    private const string Prefix = "relay_";
    private const int IdBytes = 6;
    private const int SecretBytes = 32;
    private const int IdLength = 2 * IdBytes;

    /// <summary>The characters of 32 bytes as base64url.</summary>
    private const int SecretLength = 43;

    /// <summary>A new key, with its id.</summary>
    public static (string Id, string Key) Create()
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return (id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <summary>SHA-256, which is what the relay stores: a key is 256 random bits, so that a slow hash would not protect it better.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>The id under which a key with this text can be stored.</summary>
    public static string IdOf(string key) =>
        key.Length == Prefix.Length + IdLength + 1 + SecretLength && key[Prefix.Length + IdLength] == '_'
            ? key.Substring(Prefix.Length, IdLength)
            : Convert.ToHexStringLower(Hash(key).AsSpan(0, IdBytes));
}
