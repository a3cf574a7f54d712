using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Relay.Server.Signing.Evidence;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Cms;
using Shared.Contracts.Json;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;

namespace Relay.Server.Oci;

/// <summary>Verifies what came from a registry by certificates that did not. Where several files claim to be one, such as after a push by another,
/// the first one that verifies counts.</summary>
/// <param name="version">What the config says that it is.</param>
/// <param name="candidates">The files that refer to the model, by name.</param>
internal sealed class EvidenceVerifier(
    byte[] model, ModelVersion version, ILookup<string, byte[]> candidates, X509Certificate2Collection anchors,
    X509Certificate2Collection? timestampAnchors, DateTimeOffset now)
{
    private const string ModelSignatureName = "model.sig";
    private const string ProvenanceType = "https://slsa.dev/provenance/v1";
    private const string TestResultType = "https://in-toto.io/attestation/test-result/v0.1";

    private readonly string _path = TargetPaths.Model(version.Name, version.Version);
    private readonly string _sha256 = Convert.ToHexStringLower(SHA256.HashData(model));

    /// <summary>The files of the version, each verified, but for card and bill of materials, which no signature covers.</summary>
    /// <exception cref="InvalidDataException">Something is missing or does not verify.</exception>
    public IReadOnlyDictionary<string, byte[]> Verify()
    {
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal) { [ModelPack.ModelFile] = model };
        files["model.onnx.p7s"] = Take("model.onnx.p7s", IsSignature);
        X509Certificate2? signer = null;
        files[ModelSignatureName] = Take(ModelSignatureName, bundle => FindSigner(bundle) is { } found && (signer = found) is not null);
        using ECDsa key = signer!.GetECDsaPublicKey()!;
        files["provenance.dsse.json"] = Take("provenance.dsse.json", envelope => IsStatement(envelope, ProvenanceType, key));
        files["test-result.dsse.json"] = Take("test-result.dsse.json", envelope => IsStatement(envelope, TestResultType, key));
        AddUnsigned("card.json", IsCard);
        AddUnsigned("bom.cdx.json", _ => true);
        return files;

        void AddUnsigned(string name, Func<byte[], bool> fits)
        {
            if (candidates[name].LastOrDefault(fits) is { } content)
            {
                files[name] = content;
            }
        }
    }

    private byte[] Take(string name, Func<byte[], bool> verifies)
    {
        byte[][] found = [.. candidates[name]];
        return found.Length == 0
            ? throw new InvalidDataException(DisplayText.Format($"The registry has no {name} of {version.Name} {version.Version}."))
            : found.FirstOrDefault(content => Verifies(verifies, content))
                ?? throw new InvalidDataException(DisplayText.Format(
                    $"No {name} in the registry verifies for {version.Name} {version.Version} by these certificates."));
    }

    private static bool Verifies(Func<byte[], bool> verifies, byte[] content)
    {
        try
        {
            return verifies(content);
        }
        catch (Exception malformed) when (malformed is JsonException or CryptographicException)
        {
            return false;
        }
    }

    private bool IsSignature(byte[] signature) =>
        CmsVerifier.Verify(model, signature, anchors, now, _path, timestampAnchors: timestampAnchors) is null;

    /// <summary>The certificate of the key that signed a bundle over this model, when it chains to the certificates that count.</summary>
    private X509Certificate2? FindSigner(byte[] bundle)
    {
        JsonElement root = StrictJson.Parse(bundle);
        X509Certificate2[] given =
        [
            .. root.Member("verificationMaterial").Member("x509CertificateChain").Member("certificates").Items()
                .Select(certificate => X509CertificateLoader.LoadCertificate(SignedStatement.Decode(certificate.Text("rawBytes")))),
        ];
        if (given.Length == 0 || !IsTrusted(given))
        {
            return null;
        }

        using ECDsa? key = given[0].GetECDsaPublicKey();
        return key is not null && SignedStatement.Verify(root.Member("dsseEnvelope"), ModelSignature.PredicateType, key) is { } statement
            && statement.Member("predicate").Member("resources").Items().Any(
                resource => resource.Text("name") == ModelPack.ModelFile && resource.Text("digest") == _sha256)
            ? given[0]
            : null;
    }

    private bool IsTrusted(X509Certificate2[] given)
    {
        using X509Chain chain = new() { ChainPolicy = PinnedChainPolicy.Create(anchors, now) };
        chain.ChainPolicy.ExtraStore.AddRange(given);
        return chain.Build(given[0]);
    }

    private bool IsStatement(byte[] envelope, string type, ECDsa key) =>
        SignedStatement.Verify(StrictJson.Parse(envelope), type, key) is { } statement
        && statement.Member("subject").Items().ToArray() is [var subject]
        && subject.Text("name") == _path && subject.Member("digest").Text("sha256") == _sha256;

    private bool IsCard(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, ModelJson.Default.ModelCard) is { } card
                && card.Sha256 == _sha256 && card.Name == version.Name && card.Version == version.Version;
        }
        catch (Exception malformed) when (malformed is JsonException or NotSupportedException or InvalidOperationException)
        {
            return false;
        }
    }
}
