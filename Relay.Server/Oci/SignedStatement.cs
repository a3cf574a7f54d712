using System.Security.Cryptography;
using System.Text.Json;
using Relay.Server.Signing.Evidence;
using Shared.Contracts.Json;

namespace Relay.Server.Oci;

/// <summary>An in-toto statement in a DSSE envelope, whose signature verifies.</summary>
internal static class SignedStatement
{
    private static readonly HashAlgorithmName[] Algorithms = [HashAlgorithmName.SHA256, HashAlgorithmName.SHA384, HashAlgorithmName.SHA512];

    /// <param name="envelope">The envelope.</param>
    /// <param name="type">The type that its predicate must have.</param>
    /// <returns>The statement; null where the envelope is not signed by the key, or is of another type.</returns>
    /// <exception cref="JsonException">It is no envelope.</exception>
    public static JsonElement? Verify(JsonElement envelope, string type, ECDsa key)
    {
        byte[] payload = Decode(envelope.Text("payload"));
        JsonElement[] signatures = [.. envelope.Member("signatures").Items()];
        if (envelope.Text("payloadType") != DsseSigner.PayloadType || signatures.Length != 1)
        {
            return null;
        }

        byte[] signed = DsseSigner.PreAuthentication(payload);
        byte[] signature = Decode(signatures[0].Text("sig"));
        if (!Algorithms.Any(algorithm => key.VerifyData(signed, signature, algorithm, DSASignatureFormat.Rfc3279DerSequence)))
        {
            return null;
        }

        JsonElement statement = StrictJson.Parse(payload);
        return statement.Text("predicateType") == type ? statement : null;
    }

    public static byte[] Decode(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException malformed)
        {
            throw new JsonException("a text is not base64", malformed);
        }
    }
}
