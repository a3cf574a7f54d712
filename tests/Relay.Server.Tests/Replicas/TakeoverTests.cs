using System.Net.Http.Json;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Replicas;

/// <summary>Several relays on one database, on one folder or each on its own: one works, all answer.</summary>
public sealed class TakeoverTests
{
    /// <summary>Whether the database has the files of the folder: with it there is more to go wrong.</summary>
    public static TheoryData<bool> Folders => Environment.GetEnvironmentVariable("RELAY_TEST_LONG") is "1" ? [false, true] : [true];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Attack", "kill")]
    public async Task Kill_RelayThatWorks_ReplicaTakesOverItsRunsAndLosesNothing(bool isFolderStored)
    {
        await using RelayReplicas replicas = await RelayReplicas.StartAsync(isFolderStored);
        using HttpClient admin = replicas.Second.CreateAdminClient();
        TrainingRun slow = await admin.StartRunAsync(SmallModel.SlowSpec(), SmallModel.LargeData);
        TrainingRun waiting = await admin.StartRunAsync(SmallModel.Spec(), SmallModel.Data);
        await admin.WaitForRunAsync(slow.Id, run => run.Stage == "fit");
        RelayReplicas.WritesInBackground writes = RelayReplicas.Write(admin, "m");
        await writes.GoOnAsync(3, "models are added by the replica");

        await replicas.First.KillAsync();

        // What only reads is answered as if nothing had happened, a little later.
        (await admin.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        await writes.GoOnAsync(3, "models are added by the relay that took over");
        await writes.EndAsync();
        Page<ModelView> models = (await admin.GetFromJsonAsync($"{Routes.Models}?limit=500", RelayApiJson.Default.PageModelView))!;
        Assert.Empty(writes.Acknowledged.Except(models.Items.Select(model => model.Name)));
        Assert.InRange(writes.Refused, 0, 1);
        await admin.WaitForRunAsync(slow.Id, run => run.Stage == "fit");
        (await admin.PostAsync($"{Routes.TrainingRuns}/{slow.Id}/cancel", null)).EnsureSuccessStatusCode();
        TrainingRun done = await admin.WaitForRunAsync(waiting.Id, run => run.IsFinished);
        Assert.Equal((TrainingRunState.Succeeded, 1), (done.State, done.Version));

        // The one that was killed comes back as the one that waits, and has its turn again.
        await replicas.First.StartAsync();
        Assert.Contains(replicas.First.Output, line => line.StartsWith("Another relay", StringComparison.Ordinal));
        Assert.Equal(0, await replicas.Second.StopAsync("TERM"));
        using HttpClient first = replicas.First.CreateAdminClient();
        Page<VersionView> versions = (await first.GetFromJsonAsync(Routes.VersionsOf(SmallModel.Name), RelayApiJson.Default.PageVersionView))!;
        Assert.Equal([1], versions.Items.Select(version => version.Version));
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task End_SessionOfTheLock_LeavesOneRelayThatWorks()
    {
        await using RelayReplicas replicas = await RelayReplicas.StartAsync();
        using HttpClient first = replicas.First.CreateAdminClient();
        using HttpClient second = replicas.Second.CreateAdminClient();
        RelayReplicas.WritesInBackground ofFirst = RelayReplicas.Write(first, "a");
        RelayReplicas.WritesInBackground ofSecond = RelayReplicas.Write(second, "b");
        await ofFirst.GoOnAsync(3, "models are added by the first");
        await ofSecond.GoOnAsync(3, "models are added by the second");

        PostgresServer.Shared.Execute(
            replicas.Server,
            """
            SELECT pg_terminate_backend(pid) FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND classid = 29285 AND objid = 1818327298
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """);
        await Eventually.TrueAsync(
            () => replicas.Second.Log.Any(line => line.StartsWith("This relay works", StringComparison.Ordinal)), "the replica takes over");
        await Eventually.TrueAsync(
            () => replicas.First.Log.Any(line => line.StartsWith("Another relay of the database works", StringComparison.Ordinal)),
            "the relay that lost its lock stops its work");

        await ofFirst.GoOnAsync(3, "models are added by the first again");
        await ofSecond.GoOnAsync(3, "models are added by the second again");
        await ofFirst.EndAsync();
        await ofSecond.EndAsync();
        Page<ModelView> models = (await first.GetFromJsonAsync($"{Routes.Models}?limit=500", RelayApiJson.Default.PageModelView))!;
        Assert.Empty(ofFirst.Acknowledged.Concat(ofSecond.Acknowledged).Except(models.Items.Select(model => model.Name)));
    }

    /// <summary>The relay that works stands still, and its sessions end: when it goes on, another works.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    [Trait("Attack", "kill")]
    public async Task Hang_RelayThatWorks_WaitsForItsTurnWhenItGoesOn(bool isFolderStored)
    {
        await using RelayReplicas replicas = await RelayReplicas.StartAsync(isFolderStored);
        await replicas.First.SignalAsync("STOP");
        PostgresServer.Shared.Execute(
            replicas.Server,
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)
            """);
        await replicas.First.SignalAsync("CONT");

        await Eventually.TrueAsync(
            () => replicas.First.Log.Any(line => line.StartsWith("Another relay of the database works", StringComparison.Ordinal)),
            "the relay that was replaced waits");
        await Eventually.TrueAsync(
            () => replicas.Second.Log.Any(line => line.StartsWith("This relay works", StringComparison.Ordinal)), "the replica takes over");

        using HttpClient first = replicas.First.CreateAdminClient();
        (await first.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        Assert.DoesNotContain(replicas.First.Log, line => line.Contains("BackgroundService failed", StringComparison.Ordinal));
    }
}
