using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Relay.Server.Signing.Evidence;

/// <summary>
/// The OpenSSF model signature, <c>model.sig</c>: a Sigstore bundle, version 0.3, around an in-toto statement with the digests of the
/// model's files. <c>model_signing verify certificate</c> reads it.
/// </summary>
internal static class ModelSignature
{
    private const string BundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
    /// <summary>What tells its statements from others.</summary>
    public const string PredicateType = "https://model_signing/signature/v1.0";

    /// <summary>What lies in a version's folder beside the model. Each has a signature of its own.</summary>
    private static readonly string[] Beside = ["model.onnx.p7s", "model.sig", "provenance.dsse.json", "test-result.dsse.json"];

    /// <param name="sha256">Of <c>model.onnx</c>, lower-case hex.</param>
    public static JsonObject Statement(string model, string sha256)
    {
        // The subject's digest is over the digests of all files in the order of their names: here of one file.
        string whole = Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(sha256)));
        return InTotoStatement.Create(model, whole, PredicateType, new JsonObject
        {
            ["serialization"] = new JsonObject
            {
                ["method"] = "files",
                ["hash_type"] = "sha256",
                ["allow_symlinks"] = false,
                ["ignore_paths"] = new JsonArray([.. Beside.Select(name => JsonValue.Create(name))]),
            },
            ["resources"] = new JsonArray(new JsonObject
            {
                ["name"] = "model.onnx",
                ["algorithm"] = "sha256",
                ["digest"] = sha256,
            }),
        });
    }

    public static JsonObject Bundle(JsonObject envelope, ModelSigningKey key) => new()
    {
        ["mediaType"] = BundleType,
        ["verificationMaterial"] = new JsonObject
        {
            ["x509CertificateChain"] = new JsonObject
            {
                ["certificates"] = new JsonArray([.. key.Intermediates.Prepend(key.Certificate).Select(RawBytes)]),
            },
            ["tlogEntries"] = new JsonArray(),
        },
        ["dsseEnvelope"] = envelope,
    };

    private static JsonObject RawBytes(X509Certificate2 certificate) =>
        new() { ["rawBytes"] = Convert.ToBase64String(certificate.RawData) };
}
