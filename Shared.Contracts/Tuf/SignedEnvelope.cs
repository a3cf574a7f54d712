using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tuf;

/// <summary>A parsed metadata file: its signed part, the exact bytes that are signed, and the signatures by key id (TUF 4.2).</summary>
internal sealed record SignedEnvelope(JsonElement Signed, byte[] SignedBytes, IReadOnlyDictionary<string, byte[]> Signatures)
{
    /// <exception cref="JsonException">The file is not metadata, or a key id signs twice.</exception>
    public static SignedEnvelope Parse(ReadOnlyMemory<byte> file)
    {
        JsonElement root = StrictJson.Parse(file);
        JsonElement signed = root.Member("signed");

        Dictionary<string, byte[]> signatures = new(StringComparer.Ordinal);
        foreach (JsonElement signature in root.Member("signatures").Items())
        {
            // TUF 4.2: "multiple signatures with the same keyid are not allowed".
            if (!signatures.TryAdd(signature.Text("keyid"), Decode(signature.Text("sig"))))
            {
                throw new JsonException("a key id signs twice");
            }
        }

        return new(signed, CanonicalJson.Encode(signed), signatures);
    }

    /// <summary>A signature that is not hex becomes an empty one, which does not verify; the others may still suffice.</summary>
    private static byte[] Decode(string hex) => hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : [];
}
