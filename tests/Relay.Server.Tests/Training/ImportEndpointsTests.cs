using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Signing.Evidence;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Training;

public sealed class ImportEndpointsTests(PublishedRelay fixture)
{
    private const string HeldOut = "import-held-out.csv";

    private static readonly string Models = RepositoryRoot.Combine("tests", "Relay.Training.Tests", "Importing", "Models");

    private static byte[] Model => File.ReadAllBytes(Path.Combine(Models, "xgboost-binary.json"));

    [Fact]
    public async Task Import_ModelOfXgboost_BecomesAVersionThatIsPublishedWithItsProvenance()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        WriteHeldOut(relay);
        await PutSpecAsync(relay, "fraud");

        TrainingRun run = await relay.WaitForRunAsync((await ImportAsync(relay, "fraud")).Id, r => r.IsFinished);

        Assert.Equal((TrainingRunState.Succeeded, 1, null), (run.State, run.Version, run.Problem));
        VersionDetail? version = await relay.Admin.GetFromJsonAsync($"{Routes.Models}/fraud/versions/1", RelayApiJson.Default.VersionDetail);
        ImportSummary import = version!.Card.Import!;
        Assert.Equal(("xgboost-json", "model.json", null), (import.Format, import.File, import.Signer));
        Assert.True(import.Thresholds > 0);

        await relay.PublishAsync("stable", new ModelVersion("fraud", 1));
        using EvidenceFolder evidence = await EvidenceFolder.TakeAsync(relay, new ModelVersion("fraud", 1));
        JsonElement statement = await StatementAsync(evidence, "provenance.dsse.json");
        JsonElement definition = statement.GetProperty("predicate").GetProperty("buildDefinition");
        Assert.Equal("urn:relay:build:import:v1", definition.GetProperty("buildType").GetString());
        Assert.Equal(
            ["specification", "imported-model", "held-out-data"],
            definition.GetProperty("resolvedDependencies").EnumerateArray().Select(d => d.GetProperty("name").GetString()!));
        Assert.Equal(import.Sha256, definition.GetProperty("resolvedDependencies")[1].GetProperty("digest").GetProperty("sha256").GetString());
        JsonElement test = await StatementAsync(evidence, "test-result.dsse.json");
        Assert.Equal("file-agrees-with-imported-model", test.GetProperty("predicate").GetProperty("passedTests")[0].GetString());
    }

    [Fact]
    public async Task Import_ModelThatDoesNotFitTheSpec_FailsAndLeavesNoVersion()
    {
        WriteHeldOut(fixture.Relay);
        await PutSpecAsync(fixture.Relay, "narrow", columns: ["packets", "flags"]);

        TrainingRun run = await fixture.Relay.WaitForRunAsync((await ImportAsync(fixture.Relay, "narrow")).Id, r => r.IsFinished);

        Assert.Equal((TrainingRunState.Failed, "InvalidSpec"), (run.State, run.Problem!.Fault));
        using HttpResponseMessage version = await fixture.Relay.Admin.GetAsync($"{Routes.Models}/narrow/versions/1");
        Assert.Equal("unknown-version", await version.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Import_WhatIsNoModel_IsRefusedAtOnce()
    {
        WriteHeldOut(fixture.Relay);
        await PutSpecAsync(fixture.Relay, "pickled");

        using HttpResponseMessage response = await SendAsync(fixture.Relay, "pickled", [0x80, 4, 0x95, 1, 0]);

        Assert.Equal("invalid-model-file", await response.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Theory]
    [InlineData("?file=model.json", "test")]
    [InlineData("?file=model.json&test=../data/relay.db", "test")]
    [InlineData("?test=import-held-out.csv", "file")]
    [InlineData("?file=a%2Fb.json&test=import-held-out.csv", "file")]
    [InlineData("?file=%1b%5b2J&test=import-held-out.csv", "file")]
    [InlineData("?file=model.json&test=import-held-out.csv&output=%0a", "output")]
    public async Task Import_ParameterThatIsNone_IsNamed(string query, string expected)
    {
        WriteHeldOut(fixture.Relay);
        await PutSpecAsync(fixture.Relay, "parameters");

        using HttpResponseMessage response = await SendAsync(fixture.Relay, "parameters", Model, query);

        using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.True(problem.RootElement.GetProperty("errors").TryGetProperty(expected, out _));
    }

    [Fact]
    public async Task Command_ModelThatIsWrongOnEveryRow_IsRefusedUnlessTheGateIsAccepted()
    {
        File.WriteAllText(
            Path.Combine(fixture.Relay.DatasetsFolder, "inverted.csv"),
            "packets,flags,share,bytes,truth\n" + string.Concat(Enumerable.Repeat("1,2,0.001,5,1\n,,,,0\n", 200)));
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.Combine("model.json"), Model);
        await PutSpecAsync(fixture.Relay, "inverted");
        string[] command =
        [
            "import", folder.Combine("model.json"), "--spec", "inverted", "--test", "inverted.csv",
            "--relay", fixture.Relay.Address.ToString(), "--ca", fixture.Relay.CertificateAuthority, "--key", fixture.Relay.AdminKey,
        ];

        RelayCommandRun refused = await RelayCommandRun.RunAsync(command);
        string[] accept = ["--accept", "class-recall", "--accept", "single-class", "--reason", "The truth is: inverted & known."];
        RelayCommandRun accepted = await RelayCommandRun.RunAsync([.. command, .. accept]);
        RelayCommandRun second = await RelayCommandRun.RunAsync([.. command, .. accept]);

        Assert.NotEqual(0, refused.Code);
        Assert.Contains("class-recall FAILED", refused.Output, StringComparison.Ordinal);
        Assert.True(accepted.Code == 0, accepted.Error);
        Assert.True(second.Code == 0, second.Error);
        VersionDetail? version =
            await fixture.Relay.Admin.GetFromJsonAsync($"{Routes.Models}/inverted/versions/2", RelayApiJson.Default.VersionDetail);
        GateResult recall = version!.Card.Gates!.Single(g => g.Name == "class-recall");
        Assert.Equal((GateVerdict.Fail, "The truth is: inverted & known."), (recall.Verdict, recall.Accepted));
        Assert.Contains("version 1 ", version.Card.Gates!.Single(g => g.Name == "incumbent-macro-f1").Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("&accept=class-recall", "accept")]
    [InlineData("&reason=why", "accept")]
    [InlineData("&accept=class-recall&accept=slices&reason=a&reason=b&reason=c", "accept")]
    [InlineData("&accept=parity&reason=why", "accept[0]")]
    [InlineData("&accept=slices&accept=class-recalls&reason=why", "accept[1]")]
    [InlineData("&accept=class-recall&reason=%0a", "accept[0]")]
    public async Task Import_AcceptanceThatCannotBe_IsNamed(string accept, string expected)
    {
        WriteHeldOut(fixture.Relay);
        await PutSpecAsync(fixture.Relay, "parameters");

        using HttpResponseMessage response = await SendAsync(fixture.Relay, "parameters", Model, $"?file=model.json&test={HeldOut}{accept}");

        using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.EndsWith("invalid-acceptance", problem.RootElement.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.True(problem.RootElement.GetProperty("errors").TryGetProperty(expected, out _));
    }

    [Fact]
    public async Task Import_IntoAModelThatIsNotThere_IsUnknown()
    {
        using HttpResponseMessage response = await SendAsync(fixture.Relay, "nowhere", Model);

        Assert.Equal("unknown-model", await response.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Start_SourceOfAnImport_IsRefused()
    {
        string body = """{"model":"small","data":{"test":"small-test.csv","import":{"file":"x","sha256":"00"}}}""";

        using HttpResponseMessage response = await fixture.Relay.Admin.PostAsync(Routes.TrainingRuns, HttpResponses.Json(body));

        Assert.Equal("invalid-data-source", await response.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Command_SignedModel_IsVerifiedImportedAndTold()
    {
        WriteHeldOut(fixture.Relay);
        using TemporaryFolder folder = new();
        using GiverKey giver = new();
        File.WriteAllBytes(folder.Combine("model.json"), Model);
        File.WriteAllBytes(folder.Combine("model.sig"), giver.Sign(Model));
        File.WriteAllText(folder.Combine("giver.pem"), giver.CertificatePem);
        File.WriteAllText(folder.Combine("spec.json"), JsonSerializer.Serialize(Spec("given"), ModelJson.Default.ModelSpec));

        RelayCommandRun run = await RelayCommandRun.RunAsync(
            "import", folder.Combine("model.json"), "--spec", folder.Combine("spec.json"), "--test", HeldOut,
            "--signature", folder.Combine("model.sig"), "--giver-certificate", folder.Combine("giver.pem"),
            "--relay", fixture.Relay.Address.ToString(), "--ca", fixture.Relay.CertificateAuthority, "--key", fixture.Relay.AdminKey);

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("none changed sides", run.Output, StringComparison.Ordinal);
        Assert.Contains("CN=Giver", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "giver-signature")]
    public async Task Import_FileThatTheGiverDidNotSign_IsRefused()
    {
        WriteHeldOut(fixture.Relay);
        await PutSpecAsync(fixture.Relay, "altered");
        using GiverKey giver = new();

        using HttpResponseMessage response = await SendAsync(
            fixture.Relay, "altered", [.. Model, (byte)'\n'], signature: giver.Sign(Model), certificate: giver.CertificatePem);

        Assert.Equal("giver-not-verified", await response.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    private static async Task<TrainingRun> ImportAsync(TestRelay relay, string name)
    {
        using HttpResponseMessage response = await SendAsync(relay, name, Model);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun))!;
    }

    private static Task<HttpResponseMessage> SendAsync(
        TestRelay relay, string name, byte[] model, string query = $"?file=model.json&test={HeldOut}", byte[]? signature = null,
        string? certificate = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, Routes.ImportOf(name) + query) { Content = new ByteArrayContent(model) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (signature is not null)
        {
            request.Headers.Add(Routes.ModelSignatureHeader, Convert.ToBase64String(signature));
            request.Headers.Add(Routes.GiverHeader, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(certificate!)));
        }

        return relay.Admin.SendAsync(request);
    }

    private static void WriteHeldOut(TestRelay relay) => File.WriteAllText(
        Path.Combine(relay.DatasetsFolder, HeldOut), "packets,flags,share,bytes,truth\n1,2,0.001,5,0\n,,,,1\n-2,0,0.0001,90000,0\n0.5,3,,1000,1\n");

    private static async Task PutSpecAsync(TestRelay relay, string name, string[]? columns = null)
    {
        string spec = JsonSerializer.Serialize(Spec(name, columns), ModelJson.Default.ModelSpec);
        using HttpResponseMessage response = await relay.Admin.PutAsync($"{Routes.Models}/{name}", HttpResponses.Json(spec));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static ModelSpec Spec(string name, string[]? columns = null) => new()
    {
        Name = name,
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.Imported,
        Columns =
        [
            .. (columns ?? ["packets", "flags", "share", "bytes"]).Select(column => new ColumnSpec(column, ColumnType.Number)),
            .. columns is null ? [] : new[] { new ColumnSpec("share", ColumnType.Ignore), new ColumnSpec("bytes", ColumnType.Ignore) },
            new ColumnSpec("truth", ColumnType.Label),
        ],
    };

    private static async Task<JsonElement> StatementAsync(EvidenceFolder evidence, string name)
    {
        JsonElement envelope = await evidence.JsonAsync(name);
        return JsonSerializer.Deserialize<JsonElement>(Convert.FromBase64String(envelope.GetProperty("payload").GetString()!));
    }
}
