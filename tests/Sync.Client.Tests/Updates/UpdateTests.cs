using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Models;

namespace Sync.Client.Tests.Updates;

/// <summary>The life of an update, from the relay to an answer.</summary>
public sealed class UpdateTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NodeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task RefreshAsync_FirstRelease_AnswersWithItsBits()
    {
        TestModel model = TestModel.Create();
        await _fixture.PublishAsync(model);
        using SyncClient node = _fixture.OpenNode();
        IRelayModel relayModel = node.Model("threat-classifier");

        RelayModelException before = Assert.Throws<RelayModelException>(() => relayModel.Predict(model.NumbersOf(0)));
        RefreshResult result = await node.RefreshAsync();
        float[] probabilities = new float[3];
        Prediction answer = relayModel.Predict(model.NumbersOf(0), probabilities);

        Assert.Equal(RelayModelFault.NotReady, before.Fault);
        Assert.Equal(new RefreshResult(Activated: true, null), result);
        Assert.Null(GoldenComparison.Compare(model.Golden, 0, answer.Label, probabilities));
        Assert.Equal((1, model.Sha256), (answer.Version, answer.Sha256));
    }

    [Fact]
    public async Task RefreshAsync_ModelWithCategories_AnswersWithItsBits()
    {
        TestModel model = TestModel.Create(numbers: 2, categories: 2);
        await _fixture.PublishAsync(model);
        using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        float[] probabilities = new float[3];

        Prediction answer = node.Models.Single().Predict(model.NumbersOf(1), model.CategoriesOf(1), probabilities);

        Assert.Null(GoldenComparison.Compare(model.Golden, 1, answer.Label, probabilities));
    }

    [Fact]
    public async Task RefreshAsync_TargetsByTwoHashesAndThenByOne_FollowsBoth()
    {
        await _fixture.PublishAsync(TestModel.Create(version: 1));
        await _fixture.Honest.PublishEarlierFormAsync();
        using SyncClient node = _fixture.OpenNode();
        RefreshResult earlier = await node.RefreshAsync();

        await _fixture.PublishAsync(TestModel.Create(version: 2));
        RefreshResult later = await node.RefreshAsync();

        Assert.Equal((new RefreshResult(true, null), new RefreshResult(true, null)), (earlier, later));
        Assert.Equal(2, node.Models.Single().Active.Version);
        Assert.All(_fixture.Honest.Read().Targets.Files.Values, file => Assert.Null(file.Hashes.Sha512));
    }

    [Fact]
    public async Task RefreshAsync_NothingNew_CostsOneConditionalRequest()
    {
        await _fixture.PublishAsync(TestModel.Create());
        using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        _fixture.Server.Requests.Clear();

        RefreshResult again = await node.RefreshAsync();

        Assert.Equal(new RefreshResult(Activated: false, null), again);
        Assert.Equal("metadata/timestamp.json", Assert.Single(_fixture.Server.Requests).Path);
    }

    [Fact]
    public async Task RefreshAsync_NothingPublished_IsNoRefusalToReport()
    {
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.UnlistedTarget, result.Refusal?.Reason);
        Assert.Empty(node.Status.RecentRefusals);
    }

    [Fact]
    public async Task RefreshAsync_NextRelease_FreesTheOldScorerAndReportsBoth()
    {
        await _fixture.PublishAsync(TestModel.Create(version: 1));
        using SyncClient node = _fixture.OpenNode();
        List<int> releases = [];
        node.ModelChanged += (_, change) => releases.Add(change.Release);
        await node.RefreshAsync();
        await _fixture.PublishAsync(TestModel.Create(version: 2));

        await node.RefreshAsync();
        await node.EventsHandled;

        Assert.Equal([1, 2], releases);
        Assert.Equal([1, 2], _fixture.Server.CheckIns.Select(c => c.Release));
        Assert.Equal(2, Assert.Single(_fixture.Server.CheckIns.Last().Models).Version);
    }

    [Fact]
    public async Task RefreshAsync_ManyReleases_StoreKeepsTheLastTwo()
    {
        using SyncClient node = _fixture.OpenNode();
        for (int version = 1; version <= 4; version++)
        {
            await _fixture.PublishAsync(TestModel.Create(version: version));
            await node.RefreshAsync();
        }

        Assert.Equal(2, Directory.GetFiles(_fixture.ArtifactsFolder, "*.onnx").Length);
        Assert.Equal(2, Directory.GetFiles(_fixture.ArtifactsFolder, "*.p7s").Length);
        Assert.Equal(5, Directory.GetFiles(Path.Combine(_fixture.Options.StoreFolder, "targets")).Length);
    }

    [Fact]
    public async Task RefreshAsync_UnderLoad_FailsAndMixesNothing()
    {
        TestModel[] versions = [.. Enumerable.Range(1, 4).Select(v => TestModel.Create(version: v))];
        await _fixture.PublishAsync(versions[0]);
        using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        IRelayModel model = node.Models.Single();
        Dictionary<int, float[]> expected = versions.ToDictionary(
            v => v.Description.Version, v => v.Golden.OutputBits[0].Select(BitConverter.UInt32BitsToSingle).ToArray());
        float[] row = versions[0].NumbersOf(0);
        bool stop = false;
        long total = 0;
        Task[] callers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            float[] probabilities = new float[3];
            while (!Volatile.Read(ref stop))
            {
                Prediction answer = model.Predict(row, probabilities);
                Assert.Equal(expected[answer.Version], probabilities);
                Interlocked.Increment(ref total);
            }
        }))];

        foreach (TestModel next in versions.Skip(1))
        {
            await _fixture.PublishAsync(next);
            Assert.True((await node.RefreshAsync()).Activated);
        }

        Volatile.Write(ref stop, true);
        await Task.WhenAll(callers);
        Assert.True(total > 1000, $"only {total} predictions");
        Assert.Equal(4, model.Active.Version);
    }

    [Fact]
    public async Task RefreshAsync_ReleaseWithoutOneOfTheModels_IsRefusedAsAWhole()
    {
        _fixture.Options.Models.Add("anomaly-detector");
        await _fixture.PublishAsync(TestModel.Create());
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.ReleaseMalformed, result.Refusal?.Reason);
        Assert.False(node.Model("threat-classifier").IsReady);
    }

    [Fact]
    public async Task RefreshAsync_TwoModels_MoveTogetherAndKeepTheScorerThatStays()
    {
        _fixture.Options.Models.Add("anomaly-detector");
        await _fixture.PublishAsync(TestModel.Create());
        await _fixture.PublishAsync(TestModel.Create("anomaly-detector"));
        using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        TestModel broken = TestModel.Create("anomaly-detector", 2, alterGolden: TestModel.SpoilOne);
        node.Model("threat-classifier").Predict(new float[4]);

        await _fixture.PublishAsync(broken);
        RefreshResult refused = await node.RefreshAsync();
        await _fixture.PublishAsync(TestModel.Create("anomaly-detector", 3));
        RefreshResult taken = await node.RefreshAsync();

        Assert.Equal(RefusalReason.GoldenVectorMismatch, refused.Refusal?.Reason);
        Assert.True(taken.Activated);
        Assert.Equal(3, node.Model("anomaly-detector").Active.Version);
        Assert.Equal(1, node.Status.Models.Single(m => m.Name == "threat-classifier").Predictions);
    }
}
