using Relay.Training.Reproducing;
using Relay.Training.Tests.Data;
using Shared.Contracts.Models;
using static Relay.Training.Tests.TaskRows;

namespace Relay.Training.Tests.Budgets;

/// <summary>A version that a search found is trained again with what was found, without a search.</summary>
public sealed class BudgetReproductionTests
{
    [Fact]
    public void Prepare_BudgetByTime_SameBytesAndFiguresWithoutASearch()
    {
        using CsvFolder folder = new();
        ModelSpec spec = Classes(ModelAlgorithm.RandomForest, null) with
        {
            Parameters = new ModelParameters { Trees = 6, Depth = 4 },
            Tune = new TuneSpec { Candidates = 2 },
            Budget = new BudgetSpec { MaxQualityLoss = 5, MaxMicroseconds = 40_000 },
        };
        string train = folder.Write("train.csv", Csv(spec, 1, 600).Split('\n'));
        string test = folder.Write("test.csv", Csv(spec, 2, 300).Split('\n'));
        TrainedModel first = Train(new TrainingJob(spec, 3, new DataOrigin.Files(train, test)));

        Reproduction again = Reproduction.Prepare(first.Card, train, test, TestContext.Current.CancellationToken);
        List<string> stages = [];
        TrainedModel second = TrainingPipeline.CreateDefault().Run(
            again.Job, new Log(p => stages.Add(p.Stage)), TestContext.Current.CancellationToken);

        Assert.Equal(first.Artifact, second.Artifact);
        Assert.Empty(Reproduction.FindOtherFigures(first.Card, second.Card));
        Assert.DoesNotContain(stages, stage => stage is "tune" or "budget");
        Assert.Contains(second.Card.Gates!, g => g is { Name: "budget-loss", Figure: not null });
    }

    private static TrainedModel Train(TrainingJob job) => TrainingPipeline.CreateDefault().Run(
        job with { Accepted = new Dictionary<string, string> { ["budget-loss"] = "a test", ["latency"] = "a test" } }, null,
        TestContext.Current.CancellationToken);

    private sealed class Log(Action<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen(value);
    }
}
