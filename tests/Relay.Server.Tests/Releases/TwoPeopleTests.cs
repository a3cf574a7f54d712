using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Releases;

/// <summary>A model whose spec asks for two people: who trained a version may not approve it.</summary>
public sealed class TwoPeopleTests : IAsyncLifetime
{
    private TestRelay _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _relay = await TestRelay.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    [Trait("Attack", "one-person-alone")]
    public async Task Publish_ByTheKeyThatTrained_IsRefusedAndByAnotherIsDoneAndBothAreShown()
    {
        ModelVersion version = await TrainAsync(twoPeople: true);
        ApiKeyIssued other = await CreateKeyAsync("operator");

        using HttpResponseMessage alone = await PublishAsync(_relay.Admin, version);
        using HttpResponseMessage rollout = await _relay.Admin.PostAsJsonAsync(
            Routes.Rollouts, new RolloutRequest { Channel = "stable", Models = [version] }, RelayApiJson.Default.RolloutRequest, Cancel);
        using HttpClient second = Client(other.Text);
        using HttpResponseMessage both = await PublishAsync(second, version);
        using HttpResponseMessage later = await PublishAsync(_relay.Admin, version, channel: "later");

        Assert.Equal("two-people", await alone.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal("two-people", await rollout.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (both.StatusCode, later.StatusCode));       // what was approved stays approved
        VersionStep[] steps = [.. (await FindAsync(version)).Steps];
        Assert.Equal(["trained", "published", "published"], steps.Select(step => step.Kind));
        Assert.Equal((other.Key.Id, "release 1"), (steps[1].Key, steps[1].Subject));
        Assert.NotEqual(steps[0].Key, steps[1].Key);
    }

    [Fact]
    [Trait("Attack", "one-person-alone")]
    public async Task Publish_ByTheKeyThatReplacesTheTrainers_IsRefused()
    {
        ApiKeyIssued trainer = await CreateKeyAsync("admin");
        using HttpClient first = Client(trainer.Text);
        ModelVersion version = await TrainAsync(twoPeople: true, first);
        using HttpResponseMessage rotated = await _relay.Admin.PostAsJsonAsync(
            $"{Routes.ApiKeyOf(trainer.Key.Id)}/rotate", new ApiKeyRotation { OverlapMinutes = 0 }, RelayApiJson.Default.ApiKeyRotation, Cancel);
        ApiKeyIssued next = (await rotated.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued, Cancel))!;

        using HttpClient same = Client(next.Text);
        using HttpResponseMessage alone = await PublishAsync(same, version);
        using HttpResponseMessage both = await PublishAsync(_relay.Admin, version);

        Assert.Equal("two-people", await alone.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.OK, both.StatusCode);
    }

    [Theory]
    [Trait("Attack", "one-person-alone")]
    [InlineData("ada", "ada", false)]
    [InlineData("ada", "ADA", false)]
    [InlineData("ada", null, false)]
    [InlineData(null, "ada", false)]
    [InlineData("ada", "bob", true)]
    public async Task Publish_ByAKeyOfAnOwner_IsDoneWhereTheOwnersDiffer(string? trainedBy, string? publishedBy, bool isDone)
    {
        using HttpClient first = Client((await CreateKeyAsync("admin", trainedBy)).Text);
        using HttpClient second = Client((await CreateKeyAsync("admin", publishedBy)).Text);
        ModelVersion version = await TrainAsync(twoPeople: true, first);

        using HttpResponseMessage answer = await PublishAsync(second, version);

        Assert.Equal(isDone ? HttpStatusCode.OK : HttpStatusCode.Conflict, answer.StatusCode);
    }

    [Fact]
    [Trait("Attack", "one-person-alone")]
    public async Task PutSpec_TrainerTakesTheRuleOut_IsRefusedAndAnAdminMay()
    {
        await PutAsync(_relay.Admin, twoPeople: true);
        using HttpClient trainer = Client((await CreateKeyAsync("trainer")).Text);

        using HttpResponseMessage refused = await PutAsync(trainer, twoPeople: false);
        using HttpResponseMessage kept = await PutAsync(trainer, twoPeople: true);
        using HttpResponseMessage admin = await PutAsync(_relay.Admin, twoPeople: false);

        Assert.Equal("two-people", await refused.ProblemTypeAsync(HttpStatusCode.Forbidden));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (kept.StatusCode, admin.StatusCode));
    }

    [Fact]
    public async Task Publish_SpecAsksForNoOne_TakesOneKeyForAll()
    {
        ModelVersion version = await TrainAsync(twoPeople: false);

        using HttpResponseMessage alone = await PublishAsync(_relay.Admin, version);

        Assert.Equal(HttpStatusCode.OK, alone.StatusCode);
        Assert.Equal(2, (await FindAsync(version)).Steps.Count);
    }

    [Fact]
    public void SpecDigest_TwoPeople_IsThatOfTheSameModelWithout() => Assert.Equal(
        SpecDigestText.Write(SmallModel.Spec()), SpecDigestText.Write(SmallModel.Spec() with { TwoPeople = true }));

    private async Task<ModelVersion> TrainAsync(bool twoPeople, HttpClient? by = null)
    {
        HttpClient client = by ?? _relay.Admin;
        (await PutAsync(client, twoPeople)).Dispose();
        using HttpResponseMessage started = await client.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest(SmallModel.Name, SmallModel.Data) { Accept = TestRelay.AnyIncumbent },
            RelayApiJson.Default.TrainingRunRequest, Cancel);
        TrainingRun run = (await started.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun, Cancel))!;
        Assert.NotNull(run.StartedBy);
        run = await _relay.WaitForRunAsync(run.Id, r => r.IsFinished, Cancel);
        return new ModelVersion(SmallModel.Name, run.Version!.Value);
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, bool twoPeople) => client.PutAsJsonAsync(
        $"{Routes.Models}/{SmallModel.Name}", SmallModel.Spec() with { TwoPeople = twoPeople }, ModelJson.Default.ModelSpec, Cancel);

    private static Task<HttpResponseMessage> PublishAsync(HttpClient client, ModelVersion version, string channel = "stable") =>
        client.PostAsJsonAsync(
        Routes.ReleaseOf(channel), new ReleaseRequest { Models = [version], NewChannel = true }, RelayApiJson.Default.ReleaseRequest, Cancel);

    private async Task<ApiKeyIssued> CreateKeyAsync(string role, string? owner = null)
    {
        using HttpResponseMessage made = await _relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest(role, role) { Owner = owner }, RelayApiJson.Default.ApiKeyRequest, Cancel);
        return (await made.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued, Cancel))!;
    }

    private async Task<VersionDetail> FindAsync(ModelVersion version) => (await _relay.Admin.GetFromJsonAsync(
        $"{Routes.Models}/{version.Name}/versions/{version.Version}", RelayApiJson.Default.VersionDetail, Cancel))!;

    private HttpClient Client(string key) => _relay.CreateClient(key);
}
