using Relay.Server.Repository.Publishing;
using Relay.Server.Rollouts;
using Relay.Server.Tests.Repository;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts;

public sealed class RolloutTransitionsTests
{
    [Fact]
    public async Task Complete_FirstStage_GivesTheChannelACandidate()
    {
        using RolloutScene scene = await RolloutScene.StartAsync();

        Rollout begun = await scene.BeginAsync();

        Assert.True(begun is { IsPublished: true, IsBegun: true, Outcome: RolloutOutcome.Open });
        Assert.Equal(new ChannelManifest("stable", 1, new(2, 1, RolloutScene.Salt)), scene.Document);
        Assert.Equal([RolloutEvents.Started, RolloutEvents.Published], scene.Kinds(begun));
    }

    [Fact]
    public async Task Complete_ClockThatMayNotDateSignatures_WaitsForOneReasonHoweverOftenItIsTried()
    {
        using RolloutScene scene = await RolloutScene.StartAsync();
        Rollout intended = scene.TryAdd()!;
        scene.Repository.Clock.Set(TimeSpan.FromDays(-1));
        Rollout first = await scene.Transitions().CompleteAsync(intended, CancellationToken.None);
        scene.Repository.Clock.Advance(TimeSpan.FromSeconds(1));

        Rollout second = await scene.Transitions().CompleteAsync(first, CancellationToken.None);

        Assert.False(second.IsPublished);
        Assert.StartsWith("The clock may not date signatures. ", second.WaitsFor, StringComparison.Ordinal);
        Assert.Equal([RolloutEvents.Started, RolloutEvents.Waits], scene.Kinds(second));
    }

    /// <summary>A kill after every single file operation of each publication.</summary>
    [Theory]
    [Trait("Attack", "kill")]
    [InlineData(nameof(RolloutStep.Stage), nameof(RolloutOutcome.Open), RolloutEvents.Published)]
    [InlineData(nameof(RolloutStep.Complete), nameof(RolloutOutcome.Completed), RolloutEvents.Completed)]
    [InlineData(nameof(RolloutStep.Return), nameof(RolloutOutcome.Returned), RolloutEvents.Returned)]
    public async Task BeginStep_KillAfterAnyStep_NextStartCompletesItOnce(string stepName, string status, string last)
    {
        RolloutStep step = Enum.Parse<RolloutStep>(stepName);
        bool finished = false;
        bool sawOld = false;
        bool sawNew = false;
        using RolloutScene scene = await RolloutScene.StartAsync();
        for (int steps = 1; !finished; steps++)
        {
            Rollout begun = await scene.BeginAsync();
            ChannelManifest before = scene.Document;
            finished = await new CrashPoint(steps).RunAsync(files => scene.Transitions(files).BeginStepAsync(
                begun, step, 10, "{}", "test", "", RolloutEvent.Relay, CancellationToken.None));
            bool isPublished = scene.Document != before;
            long version = scene.Repository.Read().Timestamp.Version;
            (sawOld, sawNew) = (sawOld || !isPublished, sawNew || isPublished);

            Rollout after = scene.Store.ListRunning() is [var open]
                ? await scene.Transitions().CompleteAsync(open, CancellationToken.None)
                : scene.Store.Find(begun.Id)!;

            Assert.Equal(after.Document, scene.Document);
            Assert.True(after.IsPublished);
            Assert.Equal(status, after.Outcome.ToString());
            Assert.Equal([RolloutEvents.Started, RolloutEvents.Published, "test", last], scene.Kinds(after));
            if (isPublished)
            {
                Assert.Equal(version, scene.Repository.Read().Timestamp.Version);
            }

            Assert.Equal(after, await scene.Transitions().CompleteAsync(after, CancellationToken.None));
            await scene.EndAsync(after);
        }

        Assert.True(sawOld && sawNew);
    }

    [Theory]
    [Trait("Attack", "kill")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Complete_KilledAfterTheIntention_NextStartBeginsTheRollout(bool wasPublished)
    {
        using RolloutScene scene = await RolloutScene.StartAsync();
        Rollout intended = scene.TryAdd()!;
        if (wasPublished)
        {
            await scene.Publisher().PublishAsync(intended, CancellationToken.None);
        }

        Rollout begun = await scene.Transitions().CompleteAsync(Assert.Single(scene.Store.ListRunning()), CancellationToken.None);

        Assert.True(begun is { IsPublished: true, Outcome: RolloutOutcome.Open });
        Assert.Equal(begun.Document, scene.Document);
        Assert.Equal([RolloutEvents.Started, RolloutEvents.Published], scene.Kinds(begun));
    }

    [Fact]
    public async Task Complete_ChannelMovedBeforeTheFirstStage_IsRefusedAndFreesTheChannel()
    {
        using RolloutScene scene = await RolloutScene.StartAsync();
        await scene.Repository.Releases.PointChannelAsync("stable", 2, candidate: null, CancellationToken.None);

        Rollout refused = await scene.BeginAsync();

        Assert.Equal(RolloutOutcome.Refused, refused.Outcome);
        Assert.NotNull(refused.FinishedAt);
        Assert.Equal(new ChannelManifest("stable", 2), scene.Document);
        Assert.NotNull(scene.TryAdd());
    }

    [Fact]
    public async Task Return_BaseBelowTheMinimum_WaitsAndSaysSo()
    {
        using RolloutScene scene = await RolloutScene.StartAsync();
        Rollout begun = await scene.BeginAsync();
        await scene.Repository.Policy.RaiseMinimumReleaseAsync(2, CancellationToken.None);

        Rollout waits = await scene.Transitions().BeginStepAsync(
            begun, RolloutStep.Return, 0, "{}", RolloutEvents.Halted, "", RolloutEvent.Relay, CancellationToken.None);
        Rollout again = await scene.Transitions().CompleteAsync(waits, CancellationToken.None);

        Assert.True(waits is { Outcome: RolloutOutcome.Open, IsPublished: false });
        Assert.NotNull(waits.WaitsFor);
        Assert.Equal(waits, again);
        Assert.Equal([RolloutEvents.Started, RolloutEvents.Published, RolloutEvents.Halted, RolloutEvents.Waits], scene.Kinds(waits));
    }

    /// <summary>Between the look at a request and this, a version may be deleted.</summary>
    [Fact]
    public async Task TryAdd_VersionThatIsNotThereAnyMore_AddsNone()
    {
        using RolloutScene scene = await RolloutScene.StartAsync();

        Assert.Null(scene.TryAdd(models: [new ModelVersion("deleted", 1)]));
        Assert.NotNull(scene.TryAdd());
    }

    [Fact]
    public async Task TryAdd_WhileAnotherRunsOnTheChannel_AddsNone()
    {
        using RolloutScene scene = await RolloutScene.StartAsync();
        Rollout begun = await scene.BeginAsync();

        Assert.Null(scene.TryAdd());

        await scene.Transitions().BeginStepAsync(begun, RolloutStep.Return, 0, "{}", RolloutEvents.Halted, "", "key 1", CancellationToken.None);
        Assert.True(scene.TryAdd()!.Id > begun.Id);
    }

    [Fact]
    [Trait("Attack", "channel-race")]
    public async Task Publish_OnTheChannelOfARollout_IsRefusedUntilItIsOver()
    {
        using RolloutScene scene = await RolloutScene.StartAsync();
        Rollout begun = await scene.BeginAsync();
        ReleasePublisher releases = new(scene.Open());
        ChannelManifest document = scene.Document;

        PublishRefusal? pointed = await releases.PointChannelAsync("stable", 2, candidate: null, CancellationToken.None);
        Result<Publication, PublishRefusal> published = await releases.PublishAsync(scene.Repository.Request(3), CancellationToken.None);

        Assert.Equal((PublishRefusalReason.RolloutRunning, begun.Id), (pointed!.Reason, pointed.Rollout));
        Assert.Equal(PublishRefusalReason.RolloutRunning, published.Refusal!.Reason);
        Assert.Equal(document, scene.Document);
        Assert.Null(await releases.PointChannelAsync("other", 2, candidate: null, CancellationToken.None));

        await scene.Transitions()
            .BeginStepAsync(begun, RolloutStep.Complete, 100, "{}", RolloutEvents.Completing, "", "relay", CancellationToken.None);
        Assert.Null(await releases.PointChannelAsync("stable", 1, candidate: null, CancellationToken.None));
    }

    [Fact]
    [Trait("Attack", "channel-race")]
    public async Task Publish_ByARolloutThatIsOver_IsRefused()
    {
        using RolloutScene scene = await RolloutScene.StartAsync();
        Rollout begun = await scene.BeginAsync();
        await scene.Transitions().BeginStepAsync(begun, RolloutStep.Return, 0, "{}", RolloutEvents.Halted, "", "relay", CancellationToken.None);

        RolloutPublication late = await scene.Publisher().PublishAsync(begun with { Percentage = 50 }, CancellationToken.None);

        Assert.True(late.IsFinal);
        Assert.Equal(new ChannelManifest("stable", 1), scene.Document);
    }
}
