using System.Security.Cryptography;
using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tuf;

/// <summary>The hashes that metadata lists for a file: SHA-256, SHA-512 or both, in lower-case hex.</summary>
public sealed record FileHashes(string? Sha256, string? Sha512)
{
    /// <summary>The hash that our relays list: SHA-256 alone. Those of earlier versions listed SHA-512 as well.</summary>
    public static FileHashes Compute(ReadOnlySpan<byte> content) => new(Convert.ToHexStringLower(SHA256.HashData(content)), Sha512: null);

    /// <summary>The hash that precedes the file name with consistent snapshots.</summary>
    public string Preferred => Sha256 ?? Sha512 ?? throw new InvalidOperationException("a file without hashes has no name");

    /// <summary>True when every listed hash is that of the content, and at least one is listed.</summary>
    public bool Match(ReadOnlySpan<byte> content) => (Sha256 ?? Sha512) is not null && ComputeSame(content) == this;

    /// <summary>The hashes of the content, of the kinds that are listed here.</summary>
    internal FileHashes ComputeSame(ReadOnlySpan<byte> content) => new(
        Sha256 is null ? null : Convert.ToHexStringLower(SHA256.HashData(content)),
        Sha512 is null ? null : Convert.ToHexStringLower(SHA512.HashData(content)));

    /// <summary>Reads the hashes of a file. An unknown kind is refused, not skipped: a skipped hash would be an unchecked one.</summary>
    internal static FileHashes Read(JsonElement hashes)
    {
        FileHashes read = new(null, null);
        foreach (JsonProperty member in hashes.Members())
        {
            read = member.Name switch
            {
                "sha256" => read with { Sha256 = Hex(member.Value, SHA256.HashSizeInBytes) },
                "sha512" => read with { Sha512 = Hex(member.Value, SHA512.HashSizeInBytes) },
                _ => throw new JsonException("the kind of a hash is unknown"),
            };
        }

        return (read.Sha256 ?? read.Sha512) is null ? throw new JsonException("no hash is listed") : read;
    }

    private static string Hex(JsonElement value, int bytes)
    {
        string hex = value.Text();
        return hex.Length == 2 * bytes && hex.All(char.IsAsciiHexDigit)
            ? hex.ToLowerInvariant()
            : throw new JsonException("a hash is not hex of the right length");
    }
}
