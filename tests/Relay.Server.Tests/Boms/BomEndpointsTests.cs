using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Boms;

/// <summary>The CycloneDX documents of versions and nodes.</summary>
public sealed class BomEndpointsTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private readonly TestRelay _relay = own.Relay;

    [Fact]
    public async Task Version_Unpublished_SaysWhatItWasMadeOf()
    {
        await TrainAsync("made", trees: 2);
        VersionView version = await FindAsync("made");

        byte[] document = await _relay.Admin.GetByteArrayAsync(Routes.BomOf("made", 1));
        JsonElement bom = CycloneDxRules.AssertValid(document);

        JsonElement model = bom.GetProperty("metadata").GetProperty("component");
        Assert.Equal(("machine-learning-model", "made", "1"), (Text(model, "type"), Text(model, "name"), Text(model, "version")));
        Assert.Equal(version.Sha256, Text(model.GetProperty("hashes")[0], "content"));
        Assert.Equal(1, bom.GetProperty("version").GetInt32());
        Assert.Equal(
            ["data:train", "data:test", "data:spec", "application:relay-training", "framework:relay-engine-managed",
                "library:Microsoft.ML.OnnxRuntime"],
            bom.GetProperty("components").EnumerateArray().Select(component => Text(component, "bom-ref").Split('@')[0]));
        Assert.Contains(
            model.GetProperty("modelCard").GetProperty("quantitativeAnalysis").GetProperty("performanceMetrics").EnumerateArray(),
            metric => Text(metric, "type") == "macroF1");
        Assert.Equal(document, await _relay.Admin.GetByteArrayAsync(Routes.BomOf("made", 1)));
    }

    [Fact]
    public async Task Version_Published_NamesItsSignedEvidenceByDigest()
    {
        ModelVersion version = await TrainAsync("signed", trees: 2);
        await _relay.PublishAsync("signed", version);

        JsonElement bom = CycloneDxRules.AssertValid(await _relay.Admin.GetByteArrayAsync(Routes.BomOf("signed", 1)));

        JsonElement[] references = [.. bom.GetProperty("metadata").GetProperty("component").GetProperty("externalReferences").EnumerateArray()];
        Assert.Equal(
            ["attestation", "digital-signature", "digital-signature", "distribution", "model-card", "quality-metrics"],
            references.Select(reference => Text(reference, "type")).Order(StringComparer.Ordinal));
        Assert.Equal(2, bom.GetProperty("version").GetInt32());
        foreach (JsonElement reference in references.Where(reference => Text(reference, "type") != "model-card"))
        {
            byte[] file = await _relay.Admin.GetByteArrayAsync(Text(reference, "url"));
            Assert.Equal(
                Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)), Text(reference.GetProperty("hashes")[0], "content"));
        }
    }

    [Fact]
    public async Task Node_AfterItsReport_HasTheModelsThatItRuns()
    {
        await TrainAsync("run", trees: 2);
        VersionView version = await FindAsync("run");
        ActiveModel known = new("run", 1, version.Sha256, "managed", 0, 0);
        CheckIn report = Reports.Valid("edge-17") with { Models = [known, known with { Name = "strange", Sha256 = new string('0', 64) }] };
        (await _relay.Anonymous.PostAsync(
            Routes.CheckInsOf("edge-17"), HttpResponses.Json(JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn))))
            .EnsureSuccessStatusCode().Dispose();

        byte[] document = await _relay.Admin.GetByteArrayAsync(Routes.NodeBomOf("edge-17"));
        JsonElement bom = CycloneDxRules.AssertValid(document);

        Assert.Equal("edge-17", Text(bom.GetProperty("metadata").GetProperty("component"), "name"));
        JsonElement[] models = [.. bom.GetProperty("components").EnumerateArray()];
        Assert.Equal(["run", "strange"], models.Select(model => Text(model, "name")));
        Assert.Equal(Routes.BomOf("run", 1), Text(models[0].GetProperty("externalReferences")[0], "url"));
        Assert.False(models[1].TryGetProperty("modelCard", out _));
        Assert.Equal(document, await _relay.Admin.GetByteArrayAsync(Routes.NodeBomOf("edge-17")));
    }

    [Fact]
    public async Task UnknownVersionAndNode_AreNotFound()
    {
        using HttpResponseMessage version = await _relay.Admin.GetAsync(Routes.BomOf("none", 1));
        using HttpResponseMessage node = await _relay.Admin.GetAsync(Routes.NodeBomOf("none"));

        Assert.Equal("unknown-version", await version.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-node", await node.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task VersionBom_ByTheCommand_IsThatOfTheRelay()
    {
        await TrainAsync("shown", trees: 2);
        using TemporaryFolder folder = new();
        string file = folder.Combine("shown.cdx.json");

        RelayCommandRun printed = await RelayCommandRun.OnAsync(_relay, "version", "bom", "shown@1");
        RelayCommandRun written = await RelayCommandRun.OnAsync(_relay, "version", "bom", "shown", "--output", file);

        Assert.Equal((0, 0), (printed.Code, written.Code));
        Assert.Equal(await _relay.Admin.GetStringAsync(Routes.BomOf("shown", 1)), printed.Output);
        Assert.Equal(printed.Output, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    private Task<ModelVersion> TrainAsync(string model, int trees) => _relay.TrainAsync(SmallModel.Spec(model, trees), SmallModel.Data);

    private async Task<VersionView> FindAsync(string model) =>
        (await _relay.Admin.GetFromJsonAsync(Routes.VersionOf(model, 1), RelayApiJson.Default.VersionDetail))!.Version;
}
