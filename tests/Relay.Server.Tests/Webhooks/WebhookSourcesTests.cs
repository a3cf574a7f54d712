using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relay.Server.Models;
using Relay.Server.Monitoring;
using Relay.Server.Releases;
using Relay.Server.Rollouts;
using Relay.Server.Storage;
using Relay.Server.Tests.Releases;
using Relay.Server.Training;
using Relay.Server.Webhooks;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Webhooks;

/// <summary>What happens at the relay, and the events of it.</summary>
public sealed class WebhookSourcesTests
{
    [Fact]
    public async Task VersionChannelRevocationAndBan_AreOneEventEach()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync(trees: 2);
        await relay.PublishAsync("beta", version);
        StateEvents states = relay.Services.GetRequiredService<StateEvents>();
        states.Check();
        await relay.PublishAsync("beta", version);
        (await relay.Admin.DeleteAsync(Routes.ChannelOf("beta"))).EnsureSuccessStatusCode();
        states.Check();
        states.Check();
        (await relay.Admin.PostAsJsonAsync(
            Routes.RevokeOf(version.Name, version.Version), new RevocationRequest { Reason = "poisoned" },
            RelayApiJson.Default.RevocationRequest)).EnsureSuccessStatusCode();
        relay.Services.GetRequiredService<RevocationMonitor>().Check();
        relay.Services.GetRequiredService<RevocationMonitor>().Check();
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(relay, "node-7");
        (await relay.Admin.PostAsync(Routes.BanOf("node-7"), null)).EnsureSuccessStatusCode();
        (await relay.Admin.PostAsync(Routes.BanOf("node-7"), null)).EnsureSuccessStatusCode();
        client.Dispose();
        node.Dispose();

        WebhookEvent[] events = Events(relay);

        Assert.Equal(
            [
                ("relay.model_version.created", "models/small/versions/1"), ("relay.channel.released", "channels/beta"),
                ("relay.channel.deleted", "channels/beta"), ("relay.model_version.revoked", "models/small/versions/1"),
                ("relay.node.banned", "nodes/node-7"),
            ],
            events.Select(found => (found.Type, found.Subject)));
        Assert.Equal(1, events[1].Data.Release);
        Assert.Equal(("small", 1, "poisoned"), (events[3].Data.Model, events[3].Data.Version, events[3].Data.Detail));
        Assert.Equal(events[0].Data.Sha256, events[3].Data.Sha256);
    }

    /// <summary>A kill after the publication and before its event.</summary>
    [Fact]
    [Trait("Attack", "kill")]
    public async Task Release_WhoseEventWasNotWritten_IsAnEventAtTheNextStart()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 2));
        relay.Services.GetRequiredService<StateEvents>().Check();
        await relay.StopAsync();
        await relay.StartAgainAsync();
        using (var connection = relay.OpenDatabase())
        {
            connection.Execute("DELETE FROM webhook_marks WHERE kind = 'channel'; DELETE FROM webhook_events WHERE type = 'channel.released'");
        }

        await relay.RestartAsync();

        await Eventually.TrueAsync(
            () => Events(relay).Count(found => found.Type == "relay.channel.released") == 1, "the release is an event");
        relay.Services.GetRequiredService<StateEvents>().Check();
        Assert.Single(Events(relay), found => found.Type == "relay.channel.released");
    }

    [Fact]
    public async Task FailedRun_IsAnEventAndACancelledOneIsNone()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TrainingRunStore runs = relay.Services.GetRequiredService<TrainingRunStore>();
        relay.Services.GetRequiredService<ModelStore>().TryAdd(SmallModel.Spec());

        // It recovers runs when it begins, which may be after these are here.
        await relay.Services.GetServices<IHostedService>().OfType<TrainingWorker>().Single().StopAsync(CancellationToken.None);
        using (var connection = relay.OpenDatabase())
        {
            connection.Execute(
                """
                INSERT INTO training_runs (model, spec, data, state, attempts, created_at) VALUES
                    ('small', '{}', '{}', 'running', 1, 0), ('small', '{}', '{}', 'running', 1, 0), ('small', '{}', '{}', 'running', 5, 0)
                """);
        }

        runs.Fail(1, new TrainingProblem("TooFewRows", "There are too few rows."));
        runs.Fail(1, new TrainingProblem("TooFewRows", "There are too few rows."));
        runs.Cancel(2);
        runs.Recover();

        WebhookEvent[] events = Events(relay);
        Assert.Equal(
            [("training-runs/1", "TooFewRows"), ("training-runs/3", "Interrupted")],
            events.Select(found => (found.Subject, found.Data.Reason)));
        Assert.All(events, found => Assert.Equal(("relay.training_run.failed", "small"), (found.Type, found.Data.Model)));
    }

    [Fact]
    public async Task Rollout_StartHaltAndEnd_AreEventsOfTheSameTransaction()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        RelayDatabase database = relay.Services.GetRequiredService<RelayDatabase>();
        using (var connection = relay.OpenDatabase())
        {
            connection.Execute(
                """
                INSERT INTO rollouts (id, channel, base_release, accepts_schema_change, salt, rule, state, outcome, step, percentage, started_by,
                    created_at, finished_at)
                VALUES (3, 'stable', 1, FALSE, 's', '{}', '{}', 'Completed', 'Complete', 1, 'ada', 0, 1)
                """);
        }

        foreach (string kind in (string[])[RolloutEvents.Started, RolloutEvents.Published, RolloutEvents.Halted, RolloutEvents.Completed])
        {
            database.Write((connection, transaction) =>
            {
                RolloutStore.AddEvent(connection, transaction, 3, kind, "why", RolloutEvent.Relay, 5);
                return true;
            });
        }

        Assert.Throws<InvalidOperationException>(() => database.Write<bool>((connection, transaction) =>
        {
            RolloutStore.AddEvent(connection, transaction, 3, RolloutEvents.Halted, "why", RolloutEvent.Relay, 5);
            throw new InvalidOperationException("A test.");
        }));

        WebhookEvent[] events = Events(relay);
        Assert.Equal(["relay.rollout.started", "relay.rollout.halted", "relay.rollout.completed"], events.Select(found => found.Type));
        Assert.All(events, found => Assert.Equal(("rollouts/3", 3, "stable"), (found.Subject, found.Data.Rollout, found.Data.Channel)));
    }

    [Fact]
    public async Task PendingPublication_IsOneEvent()
    {
        await using OfflineRelay offline = await OfflineRelay.StartAsync();
        string id = await offline.PublishAsync();
        StateEvents states = offline.Relay.Services.GetRequiredService<StateEvents>();

        states.Check();
        states.Check();

        WebhookEvent pending = Assert.Single(Events(offline.Relay), found => found.Type == "relay.publication.pending");
        Assert.Equal(($"pending/{id}", id), (pending.Subject, pending.Data.Publication));
    }

    [Fact]
    public async Task Expiry_IsAnEventWhenItIsDueAndWhenItHasExpired()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await WebhookRelay.StartAsync(timeProvider: clock);
        StateEvents states = relay.Services.GetRequiredService<StateEvents>();
        DateTimeOffset expires = relay.Services.GetRequiredService<TrustOverview>().Items().First(item => item.Subject == "root").Expires;

        foreach (DateTimeOffset at in (DateTimeOffset[])[expires.AddDays(-5), expires.AddDays(-4), expires.AddDays(1)])
        {
            clock.Set(at - clock.GetUtcNow());
            states.Check();
            states.Check();
        }

        Assert.Equal(
            ["due", "expired"],
            Events(relay).Where(found => found is { Type: "relay.key.due", Subject: "trust/root" }).Select(found => found.Data.Reason));
        clock.Set(TimeProvider.System.GetUtcNow() - clock.GetUtcNow());
    }

    private static WebhookEvent[] Events(TestRelay relay) => [.. relay.Services.GetRequiredService<WebhookEventStore>().List(null, null, 0, 100)];
}
