using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Json;

namespace Relay.Server.Oci;

/// <summary>The type, digest and size of content in a registry.</summary>
/// <param name="Digest">With its algorithm: sha256:...</param>
internal sealed record OciDescriptor(string MediaType, string Digest, long Size)
{
    public const string Sha256 = "sha256:";
    private const int DigestLength = 71;

    public static OciDescriptor Create(string mediaType, ReadOnlySpan<byte> content) => new(mediaType, DigestFor(content), content.Length);

    public static string DigestFor(ReadOnlySpan<byte> content) => Sha256 + Convert.ToHexStringLower(SHA256.HashData(content));

    /// <exception cref="JsonException">It is no descriptor of SHA-256.</exception>
    public static OciDescriptor Read(JsonElement element)
    {
        string digest = element.Text("digest");
        return digest.Length == DigestLength && digest.StartsWith(Sha256, StringComparison.Ordinal)
            && digest.AsSpan(Sha256.Length).IndexOfAnyExcept("0123456789abcdef") < 0
            ? new(element.Text("mediaType"), digest, element.Integer("size", 0))
            : throw new JsonException($"'{digest}' is no SHA-256 digest");
    }

    public JsonObject ToJson() => new() { ["mediaType"] = MediaType, ["digest"] = Digest, ["size"] = Size };
}
