using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Platform.Files;
using Sync.Client.OnnxRuntime;
using Sync.Client.Storage;
using Sync.Client.Tests.Faults;

namespace Sync.Client.Tests.Updates;

/// <summary>What failed its try-out stays out; a slow one gets a few more chances, and an operator can lift any.</summary>
public sealed class QuarantineTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();

        // A row takes the managed scorer less than the shortest budget there is.
        _fixture.Options.UseOnnxRuntime().Scorer = ScorerChoice.OnnxRuntime;
        await _fixture.PublishAsync(TestModel.Create(version: 1));
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task RefreshAsync_TooSlowOnce_IsTriedAgainAfterAMinuteAlsoAfterARestart()
    {
        await FailAsSlowAsync();
        using SyncClient node = OpenWith(TimeSpan.FromSeconds(5));
        Assert.Equal(RefusalReason.TryOutTooSlow, (await node.RefreshAsync()).Refusal?.Reason);

        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.True((await node.RefreshAsync()).Activated);
        Assert.Empty(node.Status.Quarantine);
    }

    [Fact]
    public async Task RefreshAsync_TooSlowSixTimes_StaysOutForGood()
    {
        using (SyncClient slow = OpenWith(TimeSpan.FromTicks(1)))
        {
            foreach (int minutes in (int[])[0, 1, 2, 4, 8, 16])
            {
                _fixture.Clock.Advance(TimeSpan.FromMinutes(minutes));
                Assert.Equal(RefusalReason.TryOutTooSlow, (await slow.RefreshAsync()).Refusal?.Reason);
            }
        }

        _fixture.Clock.Advance(TimeSpan.FromHours(12));
        using SyncClient node = OpenWith(TimeSpan.FromSeconds(5));
        Assert.Equal(RefusalReason.TryOutTooSlow, (await node.RefreshAsync()).Refusal?.Reason);

        Assert.Equal(1, await node.LiftQuarantineAsync());
        Assert.True((await node.RefreshAsync()).Activated);
    }

    [Fact]
    public async Task LiftQuarantineAsync_Digest_IsForgottenAlsoAfterARestart()
    {
        await FailAsSlowAsync();
        using (SyncClient node = OpenWith(TimeSpan.FromSeconds(5)))
        {
            string digest = Assert.Single(node.Status.Quarantine).Sha256;
            Assert.Equal(0, await node.LiftQuarantineAsync(new string('0', 64)));
            Assert.Equal(1, await node.LiftQuarantineAsync(digest));
        }

        using SyncClient restarted = OpenWith(TimeSpan.FromSeconds(5));
        Assert.Empty(restarted.Status.Quarantine);
        Assert.True((await restarted.RefreshAsync()).Activated);
    }

    [Fact]
    public async Task LiftQuarantineAsync_DiskIsFull_FailsAndTheArtifactStaysAlsoAfterARestart()
    {
        await FailAsSlowAsync();
        FailingDisk disk = new();
        using (SyncClient node = _fixture.OpenNode(disk.CreateFiles()))
        {
            disk.Fails = true;

            IOException failure = await Assert.ThrowsAsync<StoreFaultException>(() => node.LiftQuarantineAsync());
            Assert.Contains("full", failure.Message, StringComparison.Ordinal);
            Assert.Single(node.Status.Quarantine);
        }

        using SyncClient restarted = _fixture.OpenNode();
        Assert.Single(restarted.Status.Quarantine);
    }

    [Fact]
    public async Task RefreshAsync_ClockThatWasSetBackAfterAFailedTryOut_DoesNotMakeTheWaitLonger()
    {
        await FailAsSlowAsync();
        _fixture.Clock.Advance(TimeSpan.FromHours(-8));
        using SyncClient node = OpenWith(TimeSpan.FromSeconds(5));

        Assert.True((await node.RefreshAsync()).Activated);
    }

    [Fact]
    public async Task RefreshAsync_QuarantineForAReasonOfANewerVersion_HoldsAllTheSame()
    {
        await FailAsSlowAsync();
        string file = Path.Combine(_fixture.Options.StoreFolder, "quarantine.json");
        string newer = (await File.ReadAllTextAsync(file)).Replace(nameof(RefusalReason.TryOutTooSlow), "ReasonOfTomorrow", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, newer);
        using SyncClient node = OpenWith(TimeSpan.FromSeconds(5));

        Assert.Equal(RefusalReason.ScorerUnavailable, (await node.RefreshAsync()).Refusal?.Reason);
        Assert.Equal("ReasonOfTomorrow", Assert.Single(node.Status.Quarantine).Reason);
    }

    [Theory]
    [InlineData(ScorerChoice.Auto)]
    [InlineData(ScorerChoice.Managed)]
    public async Task RefreshAsync_ModelForOnnxRuntimeInAnAppWithoutIt_IsTakenOnceTheAppAddsIt(ScorerChoice choice)
    {
        (_fixture.Options.Scorer, _fixture.Options.OnnxRuntime) = (choice, null);
        _fixture.Options.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
        await _fixture.Honest.PublishAsync("threat-classifier", 2, ErfModel.Alter(TestModel.Create(version: 2).Onnx));
        using (SyncClient without = _fixture.OpenNode())
        {
            Assert.Equal(RefusalReason.ScorerUnavailable, (await without.RefreshAsync()).Refusal?.Reason);
            Assert.Empty(without.Status.Quarantine);
        }

        using SyncClient with = OpenWith(TimeSpan.FromSeconds(5));
        Assert.True((await with.RefreshAsync()).Activated);
    }

    [Fact]
    public async Task RefreshAsync_OldFileCannotBeDeleted_NewReleaseIsActive()
    {
        SyncClient Open() => new(
            _fixture.Options, _fixture.Clock, NullLogger<SyncClient>.Instance,
            new StoreFiles(step => ThrowAtDelete(step, ".onnx")));
        using SyncClient node = Open();
        for (int version = 1; version <= 3; version++)
        {
            await _fixture.PublishAsync(TestModel.Create(version: version));
            RefreshResult result = await node.RefreshAsync();
            Assert.True(result.Activated);
            Assert.Null(result.Refusal);
            Assert.Equal(version, node.Models.Single().Active.Version);
        }

        Assert.Equal(3, Directory.GetFiles(_fixture.ArtifactsFolder, "*.onnx").Length);
    }

    private static void ThrowAtDelete(FileStep step, string suffix)
    {
        if (step.Operation == FileOperation.Delete && step.Path.EndsWith(suffix, StringComparison.Ordinal))
        {
            throw new IOException("the file is in use");
        }
    }

    private async Task FailAsSlowAsync()
    {
        using SyncClient slow = OpenWith(TimeSpan.FromTicks(1));
        Assert.Equal(RefusalReason.TryOutTooSlow, (await slow.RefreshAsync()).Refusal?.Reason);
    }

    private SyncClient OpenWith(TimeSpan latency)
    {
        // The managed scorer needs no longer for these models than the smallest budget.
        _fixture.Options.UseOnnxRuntime().Scorer = ScorerChoice.OnnxRuntime;
        _fixture.Options.Budgets.TryOutLatency = latency;
        return _fixture.OpenNode();
    }
}
