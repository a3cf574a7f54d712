using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Signing.Evidence;

/// <summary>What outsiders check, checked as they would: envelopes, digests and certificates by OpenSSL alone.</summary>
public sealed class EvidenceTests(PublishedRelay published)
{
    private readonly TestRelay _relay = published.Relay;

    [Fact]
    public async Task ModelSignature_IsABundleOverTheModelsDigest()
    {
        using EvidenceFolder folder = await TakeAsync();
        JsonElement bundle = await folder.JsonAsync("model.sig");
        Assert.Equal("application/vnd.dev.sigstore.bundle.v0.3+json", bundle.GetProperty("mediaType").GetString());
        JsonElement statement = await folder.VerifyAsync(bundle.GetProperty("dsseEnvelope"));
        AssertStatement(statement, "https://model_signing/signature/v1.0");

        JsonElement predicate = statement.GetProperty("predicate");
        JsonElement resource = Assert.Single(predicate.GetProperty("resources").EnumerateArray());
        string digest = await folder.DigestAsync("version/model.onnx");
        Assert.Equal(("model.onnx", "sha256", digest), (
            resource.GetProperty("name").GetString(), resource.GetProperty("algorithm").GetString(),
            resource.GetProperty("digest").GetString()));

        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "digests"), Convert.FromHexString(digest));
        Assert.Equal(await folder.DigestAsync("digests"), SubjectDigest(statement));
        JsonElement serialization = predicate.GetProperty("serialization");
        Assert.Equal(("files", "sha256", false), (
            serialization.GetProperty("method").GetString(), serialization.GetProperty("hash_type").GetString(),
            serialization.GetProperty("allow_symlinks").GetBoolean()));

        // A verifier of the folder in place finds no file in it that the signature does not cover.
        IEnumerable<string?> known = serialization.GetProperty("ignore_paths").EnumerateArray()
            .Select(path => path.GetString()).Append("model.onnx");
        Assert.Equal(Directory.GetFiles(folder.Version).Select(Path.GetFileName).Order(), known.Order());
    }

    [Fact]
    public async Task ModelSignature_Certificate_IsThatOfTheCmsSignature()
    {
        using EvidenceFolder folder = await TakeAsync();
        JsonElement bundle = await folder.JsonAsync("model.sig");
        JsonElement certificate = Assert.Single(
            bundle.GetProperty("verificationMaterial").GetProperty("x509CertificateChain").GetProperty("certificates").EnumerateArray());
        string pem = PemEncoding.WriteString("CERTIFICATE", certificate.GetProperty("rawBytes").GetBytesFromBase64());
        Assert.Contains(pem, await File.ReadAllTextAsync(Path.Combine(folder.Path, "signer.pem")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provenance_NamesDataSpecSeedAndCode()
    {
        using EvidenceFolder folder = await TakeAsync();
        JsonElement statement = await folder.VerifyAsync(await folder.JsonAsync("provenance.dsse.json"));
        AssertStatement(statement, "https://slsa.dev/provenance/v1");
        Assert.Equal(await folder.DigestAsync("version/model.onnx"), SubjectDigest(statement));

        JsonElement build = statement.GetProperty("predicate").GetProperty("buildDefinition");
        Dictionary<string, string?> dependencies = build.GetProperty("resolvedDependencies").EnumerateArray()
            .ToDictionary(d => d.GetProperty("name").GetString()!, Digest);
        Assert.Equal(await folder.DigestAsync(Path.Combine(_relay.DatasetsFolder, SmallModel.TrainFile)), dependencies["training-data"]);
        Assert.Equal(await folder.DigestAsync(Path.Combine(_relay.DatasetsFolder, SmallModel.TestFile)), dependencies["held-out-data"]);
        Assert.Equal(await SpecDigestAsync(folder), dependencies["specification"]);

        JsonElement parameters = build.GetProperty("externalParameters");
        Assert.Equal((SmallModel.Name, 1, 7), (
            parameters.GetProperty("model").GetString(), parameters.GetProperty("version").GetInt32(),
            parameters.GetProperty("seed").GetInt32()));
        JsonElement run = statement.GetProperty("predicate").GetProperty("runDetails");
        Assert.NotEmpty(run.GetProperty("builder").GetProperty("version").GetProperty("relay").GetString()!);
        Assert.True(run.GetProperty("metadata").GetProperty("finishedOn").GetDateTimeOffset() <= TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task TestResult_GivesTheMetricsOfTheCard()
    {
        using EvidenceFolder folder = await TakeAsync();
        JsonElement statement = await folder.VerifyAsync(await folder.JsonAsync("test-result.dsse.json"));
        AssertStatement(statement, "https://in-toto.io/attestation/test-result/v0.1");
        Assert.Equal(await folder.DigestAsync("version/model.onnx"), SubjectDigest(statement));
        Assert.Equal("PASSED", statement.GetProperty("predicate").GetProperty("result").GetString());

        JsonElement data = statement.GetProperty("predicate").GetProperty("configuration").EnumerateArray()
            .Single(d => d.GetProperty("name").GetString() == "held-out-data");
        Assert.Equal(await folder.DigestAsync(Path.Combine(_relay.DatasetsFolder, SmallModel.TestFile)), Digest(data));
        ModelCard card = (await CardAsync()).Card;
        JsonElement metrics = data.GetProperty("annotations");
        ClassificationMetrics measured = Assert.IsType<ClassificationMetrics>(card.Metrics);
        Assert.Equal((measured.Rows, measured.MacroF1, measured.Accuracy), (
            metrics.GetProperty("rows").GetInt64(), metrics.GetProperty("macroF1").GetDouble(),
            metrics.GetProperty("accuracy").GetDouble()));
    }

    [Fact]
    public async Task Evidence_SaysNothingPrivate()
    {
        using EvidenceFolder folder = await TakeAsync();
        ModelSpec spec = (await CardAsync()).Card.Spec;
        string[] privateNames =
            [SmallModel.TrainFile, SmallModel.TestFile, .. spec.Columns.Select(c => c.Name), "flood", "tunnel", "benign"];
        foreach (string name in (string[])["provenance.dsse.json", "test-result.dsse.json"])
        {
            string statement = (await folder.VerifyAsync(await folder.JsonAsync(name))).GetRawText();
            Assert.DoesNotContain(privateNames, word => statement.Contains($"\"{word}\"", StringComparison.Ordinal));
            Assert.DoesNotContain(".csv", statement, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Envelope_AlteredPayload_DoesNotVerify()
    {
        using EvidenceFolder folder = await TakeAsync();
        JsonElement envelope = await folder.JsonAsync("test-result.dsse.json");
        byte[] payload = envelope.GetProperty("payload").GetBytesFromBase64();
        payload[^10] ^= 1;
        string altered = envelope.GetRawText().Replace(
            envelope.GetProperty("payload").GetString()!, Convert.ToBase64String(payload), StringComparison.Ordinal);
        Assert.False(await folder.VerifiesAsync(JsonSerializer.Deserialize<JsonElement>(altered)));
    }

    private async Task<EvidenceFolder> TakeAsync()
    {
        EvidenceFolder folder = await EvidenceFolder.TakeAsync(_relay, published.Published);
        await folder.ExtractSignerAsync();
        return folder;
    }

    private async Task<VersionDetail> CardAsync() =>
        (await _relay.Admin.GetFromJsonAsync($"{Routes.Models}/{SmallModel.Name}/versions/1", RelayApiJson.Default.VersionDetail))!;

    private async Task<string> SpecDigestAsync(EvidenceFolder folder)
    {
        // As the API gives it, but for what is null.
        JsonObject detail = (await _relay.Admin.GetFromJsonAsync<JsonObject>($"{Routes.Models}/{SmallModel.Name}/versions/1"))!;
        JsonObject spec = detail["card"]!["spec"]!.AsObject();
        RemoveNulls(spec);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "spec.json"), spec.ToJsonString());
        return await folder.DigestAsync("spec.json");
    }

    private static void RemoveNulls(JsonObject json)
    {
        foreach ((string name, JsonNode? value) in json.ToArray())
        {
            if (value is null)
            {
                json.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                RemoveNulls(inner);
            }
        }
    }

    private static void AssertStatement(JsonElement statement, string predicateType) => Assert.Equal(
        ("https://in-toto.io/Statement/v1", predicateType),
        (statement.GetProperty("_type").GetString(), statement.GetProperty("predicateType").GetString()));

    private static string? SubjectDigest(JsonElement statement) => Digest(Assert.Single(statement.GetProperty("subject").EnumerateArray()));

    private static string? Digest(JsonElement descriptor) => descriptor.GetProperty("digest").GetProperty("sha256").GetString();
}
