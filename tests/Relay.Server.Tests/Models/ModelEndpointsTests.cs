using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Models;

public sealed class ModelEndpointsTests(PublishedRelay fixture)
{
    [Fact]
    public async Task Create_NewModel_IsThereUnderItsLocation()
    {
        using HttpResponseMessage created = await PostAsync(SmallModel.Spec("created"));
        ModelView found = (await fixture.Relay.Admin.GetFromJsonAsync(created.Headers.Location, RelayApiJson.Default.ModelView))!;

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("created", found.Name);
        Assert.Null(found.LatestVersion);
        Assert.Equal(5, found.Spec.Parameters.Trees);
    }

    [Fact]
    public async Task Create_ExistingName_IsConflictAndChangesNothing()
    {
        using HttpResponseMessage first = await PostAsync(SmallModel.Spec("taken", trees: 3));

        using HttpResponseMessage second = await PostAsync(SmallModel.Spec("taken", trees: 4));

        Assert.Equal("model-exists", await second.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal(3, (await FindAsync("taken")).Spec.Parameters.Trees);
    }

    [Fact]
    public async Task Put_NewThenAgain_CreatesThenReplaces()
    {
        using HttpResponseMessage created = await PutAsync(SmallModel.Spec("put", trees: 3));
        using HttpResponseMessage replaced = await PutAsync(SmallModel.Spec("put", trees: 4));

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        Assert.Equal(4, (await FindAsync("put")).Spec.Parameters.Trees);
    }

    [Fact]
    public async Task Create_ManyAtOnceOfOneName_OneWins()
    {
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(SmallModel.Spec("raced"))));

        Assert.Single(responses, r => r.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, responses.Count(r => r.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task List_SmallPages_GivesEveryModelOnce()
    {
        foreach (string name in new[] { "page-a", "page-b", "page-c" })
        {
            (await PutAsync(SmallModel.Spec(name))).Dispose();
        }

        List<string> names = [];
        string? cursor = null;
        do
        {
            Page<ModelView> page = (await fixture.Relay.Admin.GetFromJsonAsync(
                $"{Routes.Models}?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}", RelayApiJson.Default.PageModelView))!;
            names.Add(Assert.Single(page.Items).Name);
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
        Assert.Superset(new HashSet<string> { "page-a", "page-b", "page-c", SmallModel.Name }, names.ToHashSet());
    }

    [Fact]
    public async Task FindVersion_TrainedModel_HasCardThatFitsTheFile()
    {
        VersionDetail detail = (await fixture.Relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/{SmallModel.Name}/versions/1", RelayApiJson.Default.VersionDetail))!;
        byte[] file = await fixture.Relay.Anonymous.GetByteArrayAsync($"/models/{SmallModel.Name}.onnx");

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), detail.Card.Sha256);
        Assert.Equal(file.Length, detail.Card.SizeBytes);
        Assert.Equal(0, detail.Card.Parity.LabelDisagreements);
        Assert.Equal(200, detail.Card.Metrics.Rows);
        Assert.Equal(new MetricValue("macroF1", Assert.IsType<ClassificationMetrics>(detail.Card.Metrics).MacroF1), detail.Version.Quality);
    }

    [Fact]
    public async Task ListVersions_TwoOfThem_NewestFirst()
    {
        await fixture.Relay.TrainAsync(SmallModel.Spec("twice", trees: 2), SmallModel.Data);
        await fixture.Relay.TrainAsync(SmallModel.Spec("twice", trees: 3), SmallModel.Data);

        Page<VersionView> page = (await fixture.Relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/twice/versions", RelayApiJson.Default.PageVersionView))!;

        Assert.Equal([2, 1], page.Items.Select(v => v.Version));
        Assert.Equal(2, page.Items.Select(v => v.Sha256).Distinct().Count());
    }

    [Fact]
    public async Task Create_InvalidSpec_ListsWhatWasExpected()
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.PostAsync(
            Routes.Models, HttpResponses.Json("""{"name":"x","task":"classification","algorithm":"magic","columns":[]}"""));

        using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("$.algorithm", problem.RootElement.GetProperty("errors").EnumerateObject().Single().Name);
    }

    private Task<HttpResponseMessage> PostAsync(ModelSpec spec) =>
        fixture.Relay.Admin.PostAsJsonAsync(Routes.Models, spec, ModelJson.Default.ModelSpec);

    private Task<HttpResponseMessage> PutAsync(ModelSpec spec) =>
        fixture.Relay.Admin.PutAsJsonAsync($"{Routes.Models}/{spec.Name}", spec, ModelJson.Default.ModelSpec);

    private async Task<ModelView> FindAsync(string name) =>
        (await fixture.Relay.Admin.GetFromJsonAsync($"{Routes.Models}/{name}", RelayApiJson.Default.ModelView))!;
}
