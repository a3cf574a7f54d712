using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Releases;

/// <summary>A version with other inputs, classes or task than the channel runs: published only where the operator says so.</summary>
public sealed class SchemaChangeTests(SchemaChangeTests.Versions fixture) : IClassFixture<SchemaChangeTests.Versions>
{
    private TestRelay Relay => fixture.Relay;

    [Fact]
    public async Task Release_OneInputFewer_NeedsSchemaChangeAndNamesDifferencesAndNodes()
    {
        await Relay.PublishAsync("inputs", fixture.First);
        string hash = (await CardAsync(fixture.First)).SchemaHash;
        await CheckInAsync("a-keeps", "inputs", m => m with { SchemaHash = hash, SchemaSource = nameof(SchemaSource.FirstRelease) });
        await CheckInAsync("b-states", "inputs", m => m with { SchemaHash = hash, SchemaSource = nameof(SchemaSource.Stated) });
        await CheckInAsync("c-rows", "inputs", m => m with { SchemaHash = hash, SchemaSource = nameof(SchemaSource.RowType) });
        await CheckInAsync("d-any", "inputs", m => m with { SchemaHash = hash, SchemaSource = nameof(SchemaSource.Any) });
        await CheckInAsync("e-older", "inputs", m => m);
        await CheckInAsync("f-elsewhere", "another-channel", m => m with { SchemaHash = hash, SchemaSource = nameof(SchemaSource.FirstRelease) });

        using HttpResponseMessage refused = await SendAsync("inputs", new() { Models = [fixture.InputFewer] });
        using JsonDocument problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        SchemaChangeNodes nodes = problem.RootElement.GetProperty("nodes").Deserialize(RelayApiJson.Default.SchemaChangeNodes)!;
        string detail = problem.RootElement.GetProperty("detail").GetString()!;

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("urn:relay:problem:schema-change", problem.RootElement.GetProperty("type").GetString());
        Assert.Contains("input 'size' is missing", detail, StringComparison.Ordinal);
        Assert.Contains("a-keeps", detail, StringComparison.Ordinal);
        Assert.Equal(["a-keeps", "b-states"], nodes.Refuse);
        Assert.Equal(["c-rows"], nodes.RefuseIfInputsLack);
        Assert.Equal(["e-older"], nodes.Unchecked);
        Assert.Equal([fixture.First], (await ChannelAsync("inputs")).Models);
    }

    [Fact]
    public async Task Release_OneInputFewerWithSchemaChange_IsPublishedAndTheWayBackNeedsItToo()
    {
        ChannelView first = await Relay.PublishAsync("there-and-back", fixture.First);

        using HttpResponseMessage published = await SendAsync("there-and-back", new() { Models = [fixture.InputFewer], SchemaChange = true });
        using HttpResponseMessage refused = await SendAsync("there-and-back", new() { Release = first.Release });
        ChannelView between = await ChannelAsync("there-and-back");
        using HttpResponseMessage back = await SendAsync("there-and-back", new() { Release = first.Release, SchemaChange = true });

        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        Assert.Equal("schema-change", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal([fixture.InputFewer], between.Models);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Equal([fixture.First], (await ChannelAsync("there-and-back")).Models);
    }

    [Theory]
    [InlineData("other order")]
    [InlineData("other classes")]
    [InlineData("other benign class")]
    [InlineData("input that must have a value")]
    [InlineData("other task")]
    public async Task Release_OtherSchema_NeedsSchemaChange(string difference)
    {
        string channel = difference.Replace(' ', '-');
        await Relay.PublishAsync(channel, fixture.First);

        using HttpResponseMessage refused = await SendAsync(channel, new() { Models = [fixture.Others[difference]] });

        Assert.Equal("schema-change", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal([fixture.First], (await ChannelAsync(channel)).Models);
    }

    [Fact]
    public async Task Release_ReleaseThatLacksAModelOfTheChannel_NeedsSchemaChange()
    {
        ModelVersion other = await Relay.TrainAsync(SmallModel.Spec("other"), SmallModel.Data);
        ChannelView one = await Relay.PublishAsync("two-models", fixture.First);
        await Relay.PublishAsync("two-models", other);

        using HttpResponseMessage refused = await SendAsync("two-models", new() { Release = one.Release });
        using HttpResponseMessage accepted = await SendAsync("two-models", new() { Release = one.Release, SchemaChange = true });

        Assert.Equal("schema-change", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    public async Task Release_SameSchemaOrAFirstRelease_NeedsNothing()
    {
        await Relay.PublishAsync("same", fixture.First);

        Assert.Equal([fixture.Again], (await Relay.PublishAsync("same", fixture.Again)).Models);
        Assert.Equal([fixture.InputFewer], (await Relay.PublishAsync("first-of-its-own", fixture.InputFewer)).Models);
    }

    [Fact]
    public async Task Card_OfAVersionWithAnotherSchema_SaysSoAndSinceWhich()
    {
        ModelCard changed = await CardAsync(fixture.InputFewer);

        Assert.Equal(fixture.Again.Version, changed.SchemaChange?.Since);
        Assert.Contains("input 'size' is missing", changed.SchemaChange!.Differences);
        Assert.Null((await CardAsync(fixture.First)).SchemaChange);
        Assert.Null((await CardAsync(fixture.Again)).SchemaChange);
    }

    [Fact]
    public async Task Stats_CallsWithoutAnswer_AreSummed()
    {
        int version = fixture.Others["other task"].Version;
        await CheckInAsync("faulty-1", "stable", m => m with { Version = version, CallerFaults = 191 });
        await CheckInAsync("faulty-2", "stable", m => m with { Version = version, CallerFaults = 9 });

        RelayStats stats = (await Relay.Admin.GetFromJsonAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats))!;

        Assert.Equal(200, stats.Predictions.Single(p => p.Version == version).CallerFaults);
    }

    private async Task CheckInAsync(string node, string channel, Func<ActiveModel, ActiveModel> alter)
    {
        CheckIn report = Reports.Valid(node) with { Channel = channel };
        using HttpResponseMessage response = await Relay.Anonymous.PostAsJsonAsync(
            Routes.CheckInsOf(node), report with { Models = [alter(report.Models[0])] }, RelayApiJson.Default.CheckIn);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private Task<HttpResponseMessage> SendAsync(string channel, ReleaseRequest request) =>
        Relay.Admin.PostAsJsonAsync(Routes.ReleaseOf(channel), request, RelayApiJson.Default.ReleaseRequest);

    private async Task<ChannelView> ChannelAsync(string channel) =>
        (await Relay.Admin.GetFromJsonAsync($"{Routes.Channels}/{channel}", RelayApiJson.Default.ChannelView))!;

    private async Task<ModelCard> CardAsync(ModelVersion version) => (await Relay.Admin.GetFromJsonAsync(
        $"{Routes.Models}/{version.Name}/versions/{version.Version}", RelayApiJson.Default.VersionDetail))!.Card;

    /// <summary>One relay with versions of one model under several schemas.</summary>
    public sealed class Versions : IAsyncLifetime
    {
        private static readonly ModelSpec Spec = SmallModel.Spec();

        public TestRelay Relay { get; private set; } = null!;

        public ModelVersion First { get; private set; } = null!;

        public ModelVersion Again { get; private set; } = null!;

        public ModelVersion InputFewer { get; private set; } = null!;

        public Dictionary<string, ModelVersion> Others { get; } = [];

        public async ValueTask InitializeAsync()
        {
            Relay = await TestRelay.StartAsync();
            First = await Relay.TrainAsync(Spec, SmallModel.Data);
            Again = await Relay.TrainSmallAsync(trees: 3);
            InputFewer = await TrainAsync(c => [c[0], c[1] with { Type = ColumnType.Ignore }, c[2], c[3]]);
            Others["other order"] = await TrainAsync(c => [c[1], c[0], c[2], c[3]]);
            Others["input that must have a value"] = await TrainAsync(c => [c[0] with { Required = true }, c[1], c[2], c[3]]);
            Others["other classes"] = await Relay.TrainAsync(
                Spec with
                {
                    Label = new LabelSpec
                    {
                        Benign = "benign",
                        Groups = new Dictionary<string, IReadOnlyList<string>> { ["benign"] = ["benign"], ["attack"] = ["flood", "tunnel"] },
                    },
                },
                SmallModel.Data);
            Others["other benign class"] = await Relay.TrainAsync(Spec with { Label = new LabelSpec() }, SmallModel.Data);
            Others["other task"] = await Relay.TrainAsync(
                Spec with
                {
                    Task = ModelTask.Regression,
                    Columns = [Spec.Columns[0], Spec.Columns[1] with { Type = ColumnType.Label }, Spec.Columns[2],
                        Spec.Columns[3] with { Type = ColumnType.Ignore }],
                    Label = new LabelSpec(),
                },
                SmallModel.Data);
        }

        public ValueTask DisposeAsync() => Relay.DisposeAsync();

        private Task<ModelVersion> TrainAsync(Func<IReadOnlyList<ColumnSpec>, ColumnSpec[]> alter) =>
            Relay.TrainAsync(Spec with { Columns = alter(Spec.Columns) }, SmallModel.Data);
    }
}
