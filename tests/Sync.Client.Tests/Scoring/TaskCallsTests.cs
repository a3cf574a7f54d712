using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts.Models;

namespace Sync.Client.Tests.Scoring;

/// <summary>The calls of every task, through the node that a developer has.</summary>
public sealed class TaskCallsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ScoreSamples_GoldenRows_ScoreAndVerdictAsSigned()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        TestModel model = TestModel.ForTask(ModelTask.AnomalyDetection, numbers: 3, categories: 1);
        using SyncClient node = await OpenAsync(fixture, model);
        IRelayModel detector = node.Model(model.Description.Name);
        AnomalyScore[] batch = new AnomalyScore[model.Golden.Rows];

        detector.ScoreSamplesBatch([.. All(model.NumbersOf, model)], [.. All(model.CategoriesOf, model)], batch);

        for (int row = 0; row < model.Golden.Rows; row++)
        {
            AnomalyScore score = detector.ScoreSamples(model.NumbersOf(row), model.CategoriesOf(row));
            Assert.Null(GoldenComparison.Compare(model.Golden, row, score.IsAnomaly ? "anomaly" : "normal", [score.Score]));
            Assert.Equal(score.Score < model.Description.Offset, score.IsAnomaly);
            Assert.Equal((1, model.Sha256), (score.Version, score.Sha256));
            Assert.Equal(score, batch[row]);
        }

        Assert.Equal([false, true], batch.Select(s => s.IsAnomaly).Distinct().Order());
    }

    [Fact]
    public async Task PredictValue_GoldenRows_ValuesAsSigned()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        TestModel model = TestModel.ForTask(ModelTask.Regression);
        using SyncClient node = await OpenAsync(fixture, model);
        IRelayModel regression = node.Model(model.Description.Name);
        PredictedValue[] batch = new PredictedValue[model.Golden.Rows];

        regression.PredictValueBatch([.. All(model.NumbersOf, model)], [], batch);

        for (int row = 0; row < model.Golden.Rows; row++)
        {
            PredictedValue value = regression.PredictValue(model.NumbersOf(row));
            Assert.Null(GoldenComparison.Compare(model.Golden, row, null, [value.Value]));
            Assert.Equal(value, batch[row]);
        }
    }

    [Fact]
    public async Task Transform_OneRowOrMany_FeaturesAsSigned()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        TestModel model = TestModel.ForTask(ModelTask.Scaling);
        using SyncClient node = await OpenAsync(fixture, model);
        IRelayModel scaler = node.Model(model.Description.Name);
        float[] batch = new float[4 * model.Golden.Rows];
        float[] one = new float[4];

        Assert.Equal(1, scaler.Transform([.. All(model.NumbersOf, model)], batch).Version);

        for (int row = 0; row < model.Golden.Rows; row++)
        {
            scaler.Transform(model.NumbersOf(row), one);
            Assert.Null(GoldenComparison.Compare(model.Golden, row, null, one));
            Assert.Equal(one, batch[(4 * row)..((4 * row) + 4)]);
        }

        Assert.Contains(batch, float.IsNaN);
    }

    [Theory]
    [InlineData(0, 4, RelayModelFault.WrongWidth)]
    [InlineData(3, 4, RelayModelFault.WrongWidth)]
    [InlineData(5, 8, RelayModelFault.WrongWidth)]
    [InlineData(8, 4, RelayModelFault.WrongOutput)]
    public async Task Transform_RowsThatDoNotFit_AreRefused(int numbers, int places, RelayModelFault fault)
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        using SyncClient node = await OpenAsync(fixture, TestModel.ForTask(ModelTask.Scaling));

        Assert.Equal(fault, Fault(() => node.Model("threat-classifier").Transform(new float[numbers], new float[places])));
    }

    [Theory]
    [InlineData(ModelTask.Classification)]
    [InlineData(ModelTask.Regression)]
    [InlineData(ModelTask.AnomalyDetection)]
    [InlineData(ModelTask.Scaling)]
    public async Task AnyCall_ModelForAnotherTask_IsRefusedAsWrongTask(ModelTask task)
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        using SyncClient node = await OpenAsync(fixture, task is ModelTask.Classification ? TestModel.Create() : TestModel.ForTask(task));
        IRelayModel model = node.Model("threat-classifier");
        Dictionary<ModelTask, Action[]> calls = new()
        {
            [ModelTask.Classification] =
                [() => model.Predict(new float[4]), () => model.PredictProbabilities(new float[4]), () => model.PredictBatch(
                    new float[4], [], new Prediction[1])],
            [ModelTask.Regression] = [() => model.PredictValue(new float[4]), () => model.PredictValueBatch(new float[4], [], new PredictedValue[1])],
            [ModelTask.AnomalyDetection] = [() => model.ScoreSamples(new float[4]), () => model.ScoreSamplesBatch(
                new float[4], [], new AnomalyScore[1])],
            [ModelTask.Scaling] = [() => model.Transform(new float[4], new float[4])],
        };

        Assert.All(calls.Where(c => c.Key != task).SelectMany(c => c.Value), call => Assert.Equal(RelayModelFault.WrongTask, Fault(call)));
        Assert.All(calls[task], call => call());
    }

    [Fact]
    public async Task Calls_AllNumericModels_AllocateNothing()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        fixture.Options.AddModel("threat-classifier", s => s.AnySchema = true);
        foreach ((ModelTask task, int version) in new[] { (ModelTask.AnomalyDetection, 1), (ModelTask.Regression, 2), (ModelTask.Scaling, 3) })
        {
            using SyncClient node = await OpenAsync(fixture, TestModel.ForTask(task, version: version));
            IRelayModel model = node.Model("threat-classifier");
            float[] row = [1, 2, 3, 4];
            float[] rows = new float[4 * 300];
            float[] features = new float[4 * 300];
            AnomalyScore[] scores = new AnomalyScore[300];
            Action call = task switch
            {
                ModelTask.AnomalyDetection => () => { model.ScoreSamples(row); model.ScoreSamplesBatch(rows, [], scores); }
                ,
                ModelTask.Regression => () => model.PredictValue(row),
                _ => () => { model.Transform(row, features); model.Transform(rows, features); }
                ,
            };
            call();

            Assert.Equal(0, Allocations.Least(() =>
            {
                for (int i = 0; i < 50; i++)
                {
                    call();
                }
            }));
        }
    }

    private static async Task<SyncClient> OpenAsync(NodeFixture fixture, TestModel model)
    {
        await fixture.PublishAsync(model);
        SyncClient node = fixture.OpenNode();
        Assert.Null((await node.RefreshAsync(Cancel)).Refusal);
        return node;
    }

    private static RelayModelFault Fault(Action call) => Assert.Throws<RelayModelException>(call).Fault;

    private static IEnumerable<T> All<T>(Func<int, T[]> ofRow, TestModel model) => Enumerable.Range(0, model.Golden.Rows).SelectMany(ofRow);
}
