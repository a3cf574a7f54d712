using System.Net.Http.Json;
using System.Net.Sockets;
using Dapper;
using Relay.Server.Repository;
using Relay.Server.Rollouts;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Rollouts;

/// <summary>SIGKILL of a real relay as soon as its database says that a step of a rollout is intended and not published. The relay that works then
/// takes the rollout to its right end, by the reports that were acknowledged before.</summary>
public abstract class RolloutKills : IAsyncLifetime
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RELAY_TEST_LONG") is "1";

    private HttpClient _admin = null!;
    private SignedFleet _fleet = null!;

    /// <summary>How long after the intention the process is killed: at once, and with <c>./test
    /// --long</c> at later moments of the publication.</summary>
    public static TheoryData<int> Delays => IsLong ? [0, 2, 5, 10, 20, 40, 80] : [0];

    private ChannelManifest Document => RepositorySnapshot.Read(
        new(Path.Combine(First.DataFolder, "repository"), new DurableFiles(), content: new(new DurableFiles(), null)),
        TimeProvider.System.GetUtcNow())!.Channels["stable"];

    /// <summary>The relay that starts first; it has the data folder.</summary>
    protected abstract RelayProcess First { get; }

    /// <summary>The connection string of its database; null for SQLite.</summary>
    protected abstract string? Server { get; }

    public virtual async ValueTask InitializeAsync()
    {
        await First.StartAsync();
        _admin = First.CreateAdminClient();
        ModelVersion known = await TrainAsync(trees: 2);
        ModelVersion next = await TrainAsync(trees: 3);
        _fleet = new(known, next, TimeProvider.System);
        using HttpResponseMessage published = await _admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [known] }, RelayApiJson.Default.ReleaseRequest);
        published.EnsureSuccessStatusCode();
        using HttpResponseMessage token = await _admin.PostAsJsonAsync(
            Routes.EnrollmentTokens, new EnrollmentTokenRequest { Name = "test" }, RelayApiJson.Default.EnrollmentTokenRequest);
        await _fleet.EnrollAsync(_admin, (await token.Content.ReadFromJsonAsync(RelayApiJson.Default.EnrollmentTokenCreated))!.Token);
        await ReportAllAsync(failures: 0);
    }

    public virtual async ValueTask DisposeAsync()
    {
        _fleet?.Dispose();
        _admin?.Dispose();
        await First.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Kills the relay that works.</summary>
    protected abstract Task KillAsync();

    /// <summary>Gives the relay that works next; it starts where none waits.</summary>
    protected abstract Task<RelayProcess> GoOnAsync();

    [Theory]
    [Trait("Attack", "kill")]
    [MemberData(nameof(Delays))]
    public async Task Kill_InEveryStepOfRollouts_GoesOnToTheRightEnd(int delay)
    {
        // A harmless release, killed at its start, its next stage and its end.
        await KillAtAsync(step => step.Step == nameof(RolloutStep.Stage), delay, StartAsync);
        RolloutView good = await WaitAsync(_ => Document.Candidate?.Percentage == 50);
        await KillAtAsync(step => step is { Step: nameof(RolloutStep.Stage), Percentage: 100 }, delay, () => ReportAllAsync(failures: 0));
        await WaitAsync(_ => Document.Candidate?.Percentage == 100);
        await KillAtAsync(step => step.Step == nameof(RolloutStep.Complete), delay, () => ReportAllAsync(failures: 0));
        Assert.Equal("completed", (await WaitAsync(rollout => rollout.FinishedAt is not null)).Status);
        Assert.Equal(new ChannelManifest("stable", 2), Document);
        Assert.Equal(
            [RolloutEvents.Started, RolloutEvents.Published, RolloutEvents.Advanced, RolloutEvents.Published, RolloutEvents.Completing,
                RolloutEvents.Completed],
            await KindsAsync(good.Id));

        // The release of before as the next one, which fails in use, and then is halted by hand: killed on both ways back.
        (Func<RolloutView, Task> Cause, string Status)[] halts =
        [
            (_ => ReportAllAsync(failures: 50), "fail"),
            (rollout => _admin.PostAsync($"{Routes.RolloutOf(rollout.Id)}/halt", null), "no data"),
        ];
        foreach ((Func<RolloutView, Task> cause, string verdict) in halts)
        {
            await StartAsync(release: 1);
            RolloutView bad = await WaitAsync(rollout => rollout.Id > good.Id && Document.Candidate is not null);
            await KillAtAsync(step => step.Step == nameof(RolloutStep.Return), delay, () => cause(bad));
            RolloutView ended = await WaitAsync(rollout => rollout.Id == bad.Id && rollout.FinishedAt is not null);

            Assert.Equal(("halted", verdict), (ended.Status, ended.Verdict));
            Assert.Equal(new ChannelManifest("stable", 2), Document);
            Assert.Equal(
                [RolloutEvents.Started, RolloutEvents.Published, RolloutEvents.Halted, RolloutEvents.Returned], await KindsAsync(bad.Id));
            good = bad;
        }
    }

    /// <summary>Kills the relay in a step, while something causes the step, and starts it again.</summary>
    private async Task KillAtAsync(Predicate<IntendedStep> isReached, int delay, Func<Task> cause)
    {
        using RelayDatabase database = RelayDatabase.Open(new DataFolder(First.DataFolder, Server));
        using (System.Data.Common.DbConnection connection = database.Open())
        {
            Task caused = IgnoreTheEndAsync(cause());
            await WaitUntilAsync(connection, isReached);
            await Task.Delay(delay);
            await KillAsync();
            await caused;
        }

        _admin.Dispose();
        _admin = (await GoOnAsync()).CreateAdminClient();
    }

    // The answer of a relay that is killed does not come, and what it acknowledged before holds.
    private static async Task IgnoreTheEndAsync(Task caused)
    {
        try
        {
            await caused;
        }
        catch (Exception gone) when (gone is HttpRequestException or SocketException)
        {
            return;
        }
    }

    private static async Task WaitUntilAsync(System.Data.Common.DbConnection connection, Predicate<IntendedStep> isReached)
    {
        DateTimeOffset end = TimeProvider.System.GetUtcNow() + Eventually.DefaultDeadline;
        while (
            connection.QueryFirstOrDefault<IntendedStep>("SELECT step, percentage FROM rollouts ORDER BY id DESC LIMIT 1") is not { } step
                || !isReached(step))
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, "the step was not reached");
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    private Task StartAsync() => StartAsync(release: null);

    private async Task StartAsync(int? release)
    {
        RolloutRequest request =
            new() { Channel = "stable", Release = release, Models = release is null ? [new(SmallModel.Name, 2)] : null, Rule = SignedFleet.Rule };
        using HttpResponseMessage started = await _admin.PostAsJsonAsync(Routes.Rollouts, request, RelayApiJson.Default.RolloutRequest);
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
    }

    private Task ReportAllAsync(int failures) => _fleet.ReportAllAsync(_admin, Document, failures);

    private async Task<ModelVersion> TrainAsync(int trees)
    {
        using HttpResponseMessage put = await _admin.PutAsJsonAsync(
            $"{Routes.Models}/{SmallModel.Name}", SmallModel.Spec(trees: trees), Shared.Contracts.Models.ModelJson.Default.ModelSpec);
        using HttpResponseMessage accepted = await _admin.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest(SmallModel.Name, SmallModel.Data) { Accept = TestRelay.AnyIncumbent },
            RelayApiJson.Default.TrainingRunRequest);
        TrainingRun run = (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun))!;
        return new(SmallModel.Name, (await _admin.WaitForRunAsync(run.Id, r => r.IsFinished)).Version!.Value);
    }

    /// <summary>The newest rollout, when it is as expected.</summary>
    private Task<RolloutView> WaitAsync(Predicate<RolloutView> isExpected) => Eventually.GetAsync(
        async () => await _admin.GetFromJsonAsync(
            Routes.RolloutOf((await _admin.GetFromJsonAsync(Routes.Rollouts, RelayApiJson.Default.PageRolloutView))!.Items[0].Id),
            RelayApiJson.Default.RolloutView) is { } rollout ? rollout : throw new InvalidOperationException("no rollout"),
        isExpected, "the rollout went on", TimeSpan.FromSeconds(60));

    private async Task<string[]> KindsAsync(long id) =>
        [.. (await _admin.GetFromJsonAsync($"{Routes.RolloutOf(id)}/history", RelayApiJson.Default.PageRolloutEventView))!.Items.Select(e => e.Kind)];

    private sealed record IntendedStep
    {
        public string Step { get; init; } = "";

        public double Percentage { get; init; }
    }
}
