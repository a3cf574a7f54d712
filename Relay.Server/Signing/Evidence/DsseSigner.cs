using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Server.Keys.Signers;

namespace Relay.Server.Signing.Evidence;

/// <summary>Signs in-toto statements in DSSE envelopes with the key that signs models.</summary>
internal sealed class DsseSigner(ModelSigningKey key)
{
    /// <summary>What the envelopes hold.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>Hex SHA-256 of the public key in DER: a hint for verifiers with several keys; no signature covers it.</summary>
    private readonly string _keyId = Convert.ToHexStringLower(SHA256.HashData(key.Key.ExportSubjectPublicKeyInfo()));

    /// <exception cref="SigningException">The key cannot be reached.</exception>
    public JsonObject Sign(JsonObject statement)
    {
        byte[] payload = EvidenceJson.Write(statement);
        byte[] digest = SHA256.HashData(PreAuthentication(payload));
        byte[] signature = key.Key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence);
        return new JsonObject
        {
            ["payload"] = Convert.ToBase64String(payload),
            ["payloadType"] = PayloadType,
            ["signatures"] = new JsonArray(new JsonObject { ["keyid"] = _keyId, ["sig"] = Convert.ToBase64String(signature) }),
        };
    }

    // DSSE 1.0, "PAE": the signed bytes contain their own type and lengths.
    internal static byte[] PreAuthentication(byte[] payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "), .. payload];
}
