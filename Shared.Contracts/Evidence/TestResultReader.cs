using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Shared.Contracts.Json;
using Shared.Contracts.Models;

namespace Shared.Contracts.Evidence;

/// <summary>Reads the signed test result of a version: an in-toto statement in a DSSE envelope, signed with a key that signed the model.</summary>
public static class TestResultReader
{
    private const string PayloadType = "application/vnd.in-toto+json";
    private const string StatementType = "https://in-toto.io/Statement/v1";
    private const string PredicateType = "https://in-toto.io/attestation/test-result/v0.1";

    /// <summary>The names of the tests that the version passed, with or without a warning.</summary>
    /// <param name="envelope">The file, which the metadata list.</param>
    /// <param name="cmsSignature">The detached CMS signature of the model, which was verified: one
    /// of its signers must have signed the result.</param>
    /// <param name="modelPath">The target path of the model.</param>
    /// <param name="sha256">Of the model, lower-case hexadecimal.</param>
    /// <returns>A refusal with <see cref="RefusalReason.GateNotPassed"/> where it is not a test result of this model by its signer.</returns>
    public static Result<string[]> ReadPassed(
        ReadOnlyMemory<byte> envelope, ReadOnlyMemory<byte> cmsSignature, string modelPath, string sha256)
    {
        try
        {
            return Read(envelope, cmsSignature, modelPath, sha256) is { } passed
                ? passed
                : Refuse(modelPath, "its test result is not signed by the signer of the model");
        }
        // Fail closed: the parsers below read untrusted bytes, and have thrown more types than they document.
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            return Refuse(modelPath, $"its test result cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>What the gates said, from a file whose digest was verified; its signature is not.</summary>
    /// <exception cref="JsonException">It is not a test result.</exception>
    /// <exception cref="FormatException">Its payload is no base64.</exception>
    public static IReadOnlyList<GateResult> ReadUnverified(ReadOnlyMemory<byte> envelope)
    {
        JsonElement predicate = StrictJson.Parse(Convert.FromBase64String(StrictJson.Parse(envelope).Text("payload"))).Member("predicate");
        return [.. (predicate.Optional("gates")?.Items() ?? []).Select(ReadGate)];
    }

    private static GateResult ReadGate(JsonElement gate) =>
        new(
            gate.Text("name"),
            gate.Text("result") switch
            {
                "pass" => GateVerdict.Pass,
                "warn" => GateVerdict.Warn,
                "not-applicable" => GateVerdict.NotApplicable,

                // A verdict of a later version counts as the worst.
                _ => GateVerdict.Fail,
            },
            "")
        {
            Figure = gate.Optional("figure")?.GetDouble(),
            Bound = gate.Optional("bound")?.GetDouble(),
            Accepted = gate.Optional("accepted")?.Text(),
        };

    private static Refusal Refuse(string modelPath, string detail) => new(RefusalReason.GateNotPassed, modelPath, detail);

    private static string[]? Read(ReadOnlyMemory<byte> envelope, ReadOnlyMemory<byte> cmsSignature, string modelPath, string sha256)
    {
        JsonElement dsse = StrictJson.Parse(envelope);
        if (dsse.Text("payloadType") != PayloadType)
        {
            throw new JsonException("the envelope does not hold an in-toto statement");
        }

        byte[] payload = Convert.FromBase64String(dsse.Text("payload"));
        byte[] digest = SHA256.HashData([.. Encoding.UTF8.GetBytes($"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "), .. payload]);
        byte[][] signatures = [.. dsse.Member("signatures").Items().Select(s => Convert.FromBase64String(s.Text("sig")))];
        return SignersOf(cmsSignature).Any(signer => signatures.Any(s => IsSignedBy(signer, digest, s)))
            ? ReadStatement(StrictJson.Parse(payload), modelPath, sha256)
            : null;
    }

    private static X509Certificate2[] SignersOf(ReadOnlyMemory<byte> cmsSignature)
    {
        SignedCms cms = new();
        cms.Decode(cmsSignature.Span);
        return [.. cms.SignerInfos.Cast<SignerInfo>().Select(signer => signer.Certificate).OfType<X509Certificate2>()];
    }

    private static bool IsSignedBy(X509Certificate2 signer, byte[] digest, byte[] signature)
    {
        using ECDsa? key = signer.GetECDsaPublicKey();
        return key?.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence) == true;
    }

    private static string[] ReadStatement(JsonElement statement, string modelPath, string sha256)
    {
        JsonElement[] subjects = [.. statement.Member("subject").Items()];
        if (statement.Text("_type") != StatementType || statement.Text("predicateType") != PredicateType
            || subjects.Length != 1 || subjects[0].Text("name") != modelPath || subjects[0].Member("digest").Text("sha256") != sha256)
        {
            throw new JsonException("it is not the test result of this file");
        }

        JsonElement predicate = statement.Member("predicate");
        string[] warned = predicate.Optional("warnedTests") is null ? [] : predicate.Texts("warnedTests");
        string[] failed = predicate.Optional("failedTests") is null ? [] : predicate.Texts("failedTests");

        // A name in two lists is in the worse one.
        return [.. predicate.Texts("passedTests").Concat(warned).Except(failed, StringComparer.Ordinal)];
    }
}
