using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Repository.Publishing;
using Relay.Server.Rollouts;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts;

public sealed class RolloutEndpointsTests : IAsyncLifetime
{
    private RolloutRelay _relay = null!;

    public async ValueTask InitializeAsync() => _relay = await RolloutRelay.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Rollout_HarmlessRelease_ReachesAllNodesByItself()
    {
        RolloutView begun = await _relay.BeginAsync();
        Assert.Equal(("running", 1, 2, 50.0), (begun.Status, begun.Base, begun.Candidate, begun.Percentage));

        _relay.ReportAll(failures: 0);
        await _relay.WaitAsync(begun.Id, rollout => rollout.Stage == 2);
        _relay.ReportAll(failures: 0);
        RolloutView ended = await _relay.WaitAsync(begun.Id, rollout => rollout.FinishedAt is not null);

        Assert.Equal(("completed", "pass"), (ended.Status, ended.Verdict));
        Assert.Equal(new ChannelManifest("stable", 2), _relay.Document);
        Assert.Equal(
            [RolloutEvents.Started, RolloutEvents.Published, RolloutEvents.Advanced, RolloutEvents.Published, RolloutEvents.Completing,
                RolloutEvents.Completed],
            await _relay.KindsAsync(begun.Id));
    }

    [Fact]
    public async Task Rollout_ReleaseThatFailsInUse_IsHaltedInItsFirstStageAndTakenBack()
    {
        RolloutView begun = await _relay.BeginAsync();

        _relay.ReportAll(failures: 20);
        RolloutView ended = await _relay.WaitAsync(begun.Id, rollout => rollout.FinishedAt is not null);

        Assert.Equal(("halted", "fail", 1), (ended.Status, ended.Verdict, ended.Stage));
        Assert.Equal(new ChannelManifest("stable", 1), _relay.Document);
        Assert.Equal(
            [RolloutEvents.Started, RolloutEvents.Published, RolloutEvents.Halted, RolloutEvents.Returned], await _relay.KindsAsync(begun.Id));

        // The next one starts at once.
        Assert.Equal("running", (await _relay.BeginAsync()).Status);
    }

    [Fact]
    public async Task Rollout_WithoutAReport_NeverPasses()
    {
        RolloutView begun = await _relay.BeginAsync();

        RolloutDirector director = _relay.Relay.Services.GetRequiredService<RolloutDirector>();
        for (int i = 0; i < 3; i++)
        {
            await director.DecideAsync(begun.Id, CancellationToken.None);
        }

        RolloutView view = await _relay.FindAsync(begun.Id);
        Assert.Equal(("running", "no data", 1), (view.Status, view.Verdict, view.Stage));
    }

    [Fact]
    public async Task Rollout_RunningOnTheChannel_RefusesReleasesAndAnotherStart()
    {
        RolloutView begun = await _relay.BeginAsync();

        using HttpResponseMessage release = await _relay.Relay.Admin.PostAsync(Routes.ReleaseOf("stable"), HttpResponses.Json("{\"release\":1}"));
        using HttpResponseMessage another = await _relay.PostAsync(new() { Channel = "stable", Models = [_relay.Next], Rule = RolloutRelay.Rule });

        using HttpResponseMessage deleted = await _relay.Relay.Admin.DeleteAsync(Routes.ChannelOf("stable") + "?force=true");

        foreach (HttpResponseMessage refused in new[] { release, another, deleted })
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            string text = await refused.Content.ReadAsStringAsync();
            Assert.Contains("urn:relay:problem:rollout-running", text, StringComparison.Ordinal);
            Assert.Contains($"\"rollout\":{begun.Id}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Command_PauseResumeSkipHalt_DoWhatTheySay()
    {
        RolloutView begun = await _relay.BeginAsync();

        Assert.Equal("paused", await StatusAfterAsync(begun.Id, "pause"));
        using (HttpResponseMessage skip = await _relay.CommandAsync(begun.Id, "skip"))
        {
            Assert.Equal(HttpStatusCode.Conflict, skip.StatusCode);
        }

        Assert.Equal("running", await StatusAfterAsync(begun.Id, "resume"));
        Assert.Equal("running", await StatusAfterAsync(begun.Id, "skip"));
        Assert.Equal(100, _relay.Document.Candidate!.Percentage);
        Assert.Equal("halted", await StatusAfterAsync(begun.Id, "halt"));
        Assert.Equal(new ChannelManifest("stable", 1), _relay.Document);
        using HttpResponseMessage again = await _relay.CommandAsync(begun.Id, "halt");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using HttpResponseMessage unknown = await _relay.CommandAsync(99, "halt");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Revoke_VersionOfTheCandidate_TakesTheRolloutBack()
    {
        RolloutView begun = await _relay.BeginAsync();

        using HttpResponseMessage revoked = await _relay.Relay.Admin.PostAsJsonAsync(
            Routes.RevokeOf(_relay.Next.Name, _relay.Next.Version), new RevocationRequest(), RelayApiJson.Default.RevocationRequest);
        RolloutView ended = await _relay.WaitAsync(begun.Id, rollout => rollout.FinishedAt is not null);

        Assert.Equal("halted", ended.Status);
        Assert.Equal(new ChannelManifest("stable", 1), _relay.Document);
    }

    [Fact]
    public async Task RaiseMinimum_AboveTheReleaseBefore_PausesWithoutAWayBack()
    {
        RolloutView begun = await _relay.BeginAsync();

        await _relay.Relay.Services.GetRequiredService<PolicyPublisher>().RaiseMinimumReleaseAsync(2, CancellationToken.None);
        RolloutView waits = await _relay.WaitAsync(begun.Id, rollout => rollout.Status == "paused");
        using HttpResponseMessage halt = await _relay.CommandAsync(begun.Id, "halt");

        Assert.NotNull(waits.WaitsFor);
        Assert.Contains("rollout-cannot-return", await halt.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (HttpResponseMessage resume = await _relay.CommandAsync(begun.Id, "resume"))
        {
            Assert.Contains("rollout-cannot-return", await resume.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal("completed", await StatusAfterAsync(begun.Id, "skip"));
        Assert.Equal(new ChannelManifest("stable", 2), _relay.Document);
    }

    [Fact]
    public async Task Start_StageThatCanNeverPass_IsRefusedWithTheSmallestThatCan()
    {
        RolloutRuleView tooSmall = RolloutRelay.Rule with { Stages = [new(1, 0, 600), new(100, 0, 600)] };

        using HttpResponseMessage refused = await _relay.PostAsync(new() { Channel = "stable", Models = [_relay.Next], Rule = tooSmall });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("the smallest percentage that can is", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(_relay.Document.Candidate);
    }

    [Fact]
    public async Task Start_CandidateWithAnotherSchema_NeedsSchemaChangeAndSaysHow()
    {
        ModelSpec spec = SmallModel.Spec();
        ModelVersion other = await _relay.Relay.TrainAsync(
            spec with { Columns = [.. spec.Columns.Select(column => column.Name == "size" ? column with { Type = ColumnType.Ignore } : column)] },
                SmallModel.Data);
        RolloutRequest request = new() { Channel = "stable", Models = [other], Rule = RolloutRelay.Rule };

        using HttpResponseMessage refused = await _relay.PostAsync(request);
        using JsonDocument problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        ChannelManifest before = _relay.Document;
        using HttpResponseMessage started = await _relay.PostAsync(request with { SchemaChange = true });

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Created), (refused.StatusCode, started.StatusCode));
        Assert.Equal("urn:relay:problem:schema-change", problem.RootElement.GetProperty("type").GetString());
        Assert.Equal(1, problem.RootElement.GetProperty("changes").GetArrayLength());
        Assert.True(problem.RootElement.TryGetProperty("nodes", out _));
        Assert.Contains("relay rollout start --schema-change", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(new ChannelManifest("stable", 1), before);
        Assert.NotNull(_relay.Document.Candidate);
    }

    /// <summary>A halt that cannot be published is no error of the request: it stays intended, says why it waits, and is tried again.</summary>
    [Fact]
    public async Task Halt_KeyOfTheChannelsIsNotThere_WaitsAndIsDoneWhenItIsBack()
    {
        RolloutView begun = await _relay.BeginAsync();
        string keys = Path.Combine(_relay.Relay.DataFolder, "keys");
        Directory.Move(keys, keys + "-away");
        Directory.CreateDirectory(keys);

        using HttpResponseMessage halt = await _relay.CommandAsync(begun.Id, "halt");
        RolloutView waits = await _relay.FindAsync(begun.Id);
        ChannelManifest document = _relay.Document;
        Directory.Delete(keys);
        Directory.Move(keys + "-away", keys);
        RolloutView ended = await _relay.WaitAsync(begun.Id, rollout => rollout.FinishedAt is not null);

        Assert.Equal((HttpStatusCode.OK, "halting"), (halt.StatusCode, waits.Status));
        Assert.NotNull(waits.WaitsFor);
        Assert.NotNull(document.Candidate);
        Assert.Equal("halted", ended.Status);
        Assert.Equal(new ChannelManifest("stable", 1), _relay.Document);
        Assert.Single(await _relay.KindsAsync(begun.Id), kind => kind == RolloutEvents.Waits);
    }

    [Fact]
    public async Task Start_InvalidRequest_IsRefusedWithItsReason()
    {
        const string Next = """{"channel":"stable","models":[{"name":"small","version":2}],"rule":""";
        (string Body, int Status, string Reason)[] requests =
        [
            ("""{"channel":"stable"}""", 422, "either 'models'"),
            ("""{"channel":"stable","release":1}""", 422, "another release than the channel runs"),
            ("""{"channel":"stable","release":99}""", 404, "99"),
            ("""{"channel":"other","release":1}""", 404, "other"),
            ("""{"channel":"../x","release":1}""", 422, "$.channel"),
            ("""{"channel":"stable","models":[{"name":"small","version":77}]}""", 404, "77"),
            (Next + """{"alpha":7}}""", 422, "alpha"),
            (Next + """{"stages":[{"percentage":50},{"percentage":10}]}}""", 422, "stage"),
            (Next + """{"metrics":[{"name":"a","kind":"7","cap":1,"harm":0,"passMargin":0.1}]}}""", 422, "the kind or the direction of metric"),
        ];
        foreach ((string body, int status, string reason) in requests)
        {
            using HttpResponseMessage refused = await _relay.Relay.Admin.PostAsync(Routes.Rollouts, HttpResponses.Json(body));
            using JsonDocument problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());

            Assert.Equal((body, status), (body, (int)refused.StatusCode));
            Assert.Contains(reason, $"{problem.RootElement.GetProperty("detail")} {Errors(problem)}", StringComparison.OrdinalIgnoreCase);
        }

        Assert.Null(_relay.Document.Candidate);
    }

    [Fact]
    public async Task Restart_InTheMiddleOfAStage_GoesOnWithTheEvidence()
    {
        RolloutView begun = await _relay.BeginAsync();
        _relay.ReportAll(failures: 0);

        await _relay.Relay.AbortAsync();
        await _relay.Relay.StartAgainAsync();
        await _relay.WaitAsync(begun.Id, rollout => rollout.Stage == 2);

        _relay.ReportAll(failures: 0);
        Assert.Equal("completed", (await _relay.WaitAsync(begun.Id, rollout => rollout.FinishedAt is not null)).Status);
    }

    private static string Errors(JsonDocument problem) =>
        problem.RootElement.TryGetProperty("errors", out JsonElement errors)
            ? string.Join(' ', errors.EnumerateObject().Select(e => $"{e.Name} {e.Value}"))
            : "";

    private async Task<string> StatusAfterAsync(long id, string command)
    {
        using HttpResponseMessage response = await _relay.CommandAsync(id, command);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.RolloutView))!.Status;
    }
}
