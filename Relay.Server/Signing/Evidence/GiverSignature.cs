using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Shared.Contracts.Cms;
using Shared.Contracts.Json;
using Shared.Contracts.Models;

namespace Relay.Server.Signing.Evidence;

/// <summary>Verifies the OpenSSF model signature with which somebody gave a model file away, as <c>model_signing sign</c> makes it, against the
/// certificate or the key that the admin has from the giver.</summary>
internal static class GiverSignature
{
    private const int MaxBytes = 64 * 1024;
    private const string Sha256 = "sha256";

    /// <param name="signature">The Sigstore bundle in base64; null: the file came without one.</param>
    /// <param name="giver">PEM in base64: the signer's certificate, its authority's, or a public key.</param>
    /// <param name="now">When the certificate must be valid.</param>
    public static GiverVerdict Verify(string? signature, string? giver, ReadOnlySpan<byte> file, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(signature) && string.IsNullOrEmpty(giver))
        {
            return new GiverVerdict(null, null);
        }

        if (string.IsNullOrEmpty(signature) || string.IsNullOrEmpty(giver))
        {
            return Refuse("a signature needs the giver's certificate or key beside it, and the other way around.");
        }

        try
        {
            return Verify(Decode(signature), Encoding.UTF8.GetString(Decode(giver)), SHA256.HashData(file), now);
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException or ArgumentException)
        {
            return Refuse($"the signature or the giver's certificate cannot be read: {e.Message}");
        }
    }

    private static GiverVerdict Verify(byte[] bundle, string giver, byte[] digest, DateTimeOffset now)
    {
        JsonElement root = StrictJson.Parse(bundle);
        JsonElement envelope = root.Member("dsseEnvelope");
        byte[] payload = Decode(envelope.Text("payload"));
        JsonElement[] signatures = [.. envelope.Member("signatures").Items()];
        if (envelope.Text("payloadType") != DsseSigner.PayloadType || signatures.Length != 1)
        {
            return Refuse("the bundle does not hold one signature over an in-toto statement.");
        }

        (ECDsa? key, string? subject, string? refusal) = KeyOf(root.Member("verificationMaterial"), giver, now);
        using (key)
        {
            if (key is null)
            {
                return Refuse(refusal!);
            }

            byte[] signed = DsseSigner.PreAuthentication(payload);
            if (!key.VerifyData(signed, Decode(signatures[0].Text("sig")), HashOf(key), DSASignatureFormat.Rfc3279DerSequence))
            {
                return Refuse("the signature is not of this giver, or the signed statement was altered.");
            }

            return FindMismatch(StrictJson.Parse(payload), digest) is { } mismatch
                ? Refuse(mismatch)
                : new GiverVerdict(new ImportSigner(Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())), subject), null);
        }
    }

    // A key or a certificate inside the bundle proves nothing by itself: what counts is what the admin has.
    private static (ECDsa? Key, string? Subject, string? Refusal) KeyOf(JsonElement material, string giver, DateTimeOffset now)
    {
        if (giver.Contains("PUBLIC KEY", StringComparison.Ordinal))
        {
            ECDsa key = ECDsa.Create();
            key.ImportFromPem(giver);
            return (key, null, null);
        }

        X509Certificate2Collection anchors = [];
        anchors.ImportFromPem(giver);
        JsonElement[] certificates = material.Optional("x509CertificateChain") is { } chained
            ? [.. chained.Member("certificates").Items()]
            : material.Optional("certificate") is { } single ? [single] : [];
        if (anchors.Count == 0 || certificates.Length == 0)
        {
            return (null, null, "the giver's file has no certificate, or the bundle has none: a bundle of a bare key is verified by a public key.");
        }

        X509Certificate2[] given = [.. certificates.Select(c => X509CertificateLoader.LoadCertificate(Decode(c.Text("rawBytes"))))];
        X509Certificate2 leaf = given[0];
        if (!IsTrusted(leaf, given, anchors, now))
        {
            return (null, null, $"the certificate of '{leaf.Subject}' in the bundle is not the giver's, does not chain to it, or is not valid now.");
        }

        return leaf.GetECDsaPublicKey() is { } own
            ? (own, leaf.Subject, null)
            : (null, null, $"the certificate of '{leaf.Subject}' has no ECDSA key.");
    }

    private static bool IsTrusted(X509Certificate2 leaf, X509Certificate2[] given, X509Certificate2Collection anchors, DateTimeOffset now)
    {
        if (anchors.Any(a => a.RawData.AsSpan().SequenceEqual(leaf.RawData)))
        {
            return now >= leaf.NotBefore && now <= leaf.NotAfter;
        }

        using X509Chain chain = new() { ChainPolicy = PinnedChainPolicy.Create(anchors, now) };
        chain.ChainPolicy.ExtraStore.AddRange(given);
        return chain.Build(leaf);
    }

    private static string? FindMismatch(JsonElement statement, byte[] digest)
    {
        if (statement.Text("predicateType") != ModelSignature.PredicateType)
        {
            return $"the statement is of the type '{statement.Text("predicateType")}', expected an OpenSSF model signature.";
        }

        JsonElement[] resources = [.. statement.Member("predicate").Member("resources").Items()];
        using IncrementalHash whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        bool isListed = false;
        foreach (JsonElement resource in resources)
        {
            byte[] own = Convert.FromHexString(resource.Text("digest"));
            whole.AppendData(own);
            isListed |= resource.Text("algorithm") == Sha256 && own.AsSpan().SequenceEqual(digest);
        }

        JsonElement[] subjects = [.. statement.Member("subject").Items()];
        return !isListed ? "the giver signed other files: none has the SHA-256 of this one."
            : subjects.Length != 1 || subjects[0].Member("digest").Text(Sha256) != Convert.ToHexStringLower(whole.GetHashAndReset())
            ? "the statement's digest is not that of its files."
            : null;
    }

    private static HashAlgorithmName HashOf(ECDsa key) => key.KeySize switch
    {
        256 => HashAlgorithmName.SHA256,
        384 => HashAlgorithmName.SHA384,
        521 => HashAlgorithmName.SHA512,
        _ => throw new CryptographicException($"a key of {key.KeySize} bits, expected P-256, P-384 or P-521"),
    };

    private static byte[] Decode(string base64) =>
        base64.Length <= MaxBytes ? Convert.FromBase64String(base64) : throw new FormatException($"more than {MaxBytes} characters of base64");

    private static GiverVerdict Refuse(string why) => new(null, why);
}

/// <summary>What a giver's signature is worth.</summary>
/// <param name="Signer">Null where the file came without a signature, or where it was refused.</param>
/// <param name="Refusal">A sentence; null where nothing is wrong.</param>
internal sealed record GiverVerdict(ImportSigner? Signer, string? Refusal);
