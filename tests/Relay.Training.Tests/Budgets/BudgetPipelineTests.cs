using Shared.Contracts.Models;
using static Relay.Training.Tests.TaskRows;

namespace Relay.Training.Tests.Budgets;

/// <summary>A spec with a budget, through the whole pipeline.</summary>
public sealed class BudgetPipelineTests
{
    public static TheoryData<string> Kinds => ["forest", "boosting", "leaf-wise", "forest-regression", "boosting-regression", "isolation"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_Loss_TakesASmallerModelWhoseParametersGiveTheSameBytes(string kind)
    {
        ModelSpec spec = Spec(kind) with { Budget = new BudgetSpec { MaxQualityLoss = 2 } };

        ModelCard card = Train(spec, out byte[] artifact);

        BudgetSummary budget = card.Budget!;
        Assert.Equal(Train(spec with { Budget = null }, out _).SizeBytes, budget.Full.SizeBytes);
        Assert.Equal(card.SizeBytes, budget.Chosen.SizeBytes);
        Assert.True(card.SizeBytes < budget.Full.SizeBytes);
        Assert.InRange(budget.Chosen.Loss!.Value, double.NegativeInfinity, 2);
        Assert.InRange(budget.Chosen.Loss.Value, budget.Chosen.Interval!.Low, budget.Chosen.Interval.High);
        Assert.Equal((0d, new GateInterval(0, 0)), (budget.Full.Loss, budget.Full.Interval));
        Assert.Equal(spec, card.Spec);
        Assert.Equal(artifact, Artifact(spec with { Budget = null, Parameters = budget.Parameters }));
        Assert.Equal((card.SizeBytes, true), card.Frontier!.Where(p => p.IsChosen).Select(p => (p.SizeBytes, p.Microseconds > 0)).Single());
        Assert.Single(card.Frontier!, p => p.IsFull);
        Assert.InRange(card.Frontier!.Count, 2, 102);
        Assert.Equal(kind is "isolation" ? "auc" : kind.Contains("regression", StringComparison.Ordinal) ? "rmse" : "macroF1", budget.Figure);
        Assert.Contains(card.Gates!, g => g is { Name: "budget-loss", Figure: not null, Bound: 2, Interval: not null });
    }

    [Fact]
    public void Run_SameSpecAgain_SameBytesAndSameFrontier()
    {
        ModelSpec spec = Spec("forest") with { Budget = new BudgetSpec { MaxQualityLoss = 1 } };

        ModelCard one = Train(spec, out byte[] first);
        ModelCard other = Train(spec, out byte[] second);

        Assert.Equal(first, second);
        Assert.Equal(one.Frontier!.Select(Timeless), other.Frontier!.Select(Timeless));
    }

    [Fact]
    public void Run_OtherHeldOutRows_SameChoice()
    {
        ModelSpec spec = Spec("forest") with { Budget = new BudgetSpec { MaxQualityLoss = 1 } };
        TrainingJob job = Job(spec);
        DataOrigin.Rows rows = (DataOrigin.Rows)job.Data;

        // The class of every held-out row is another one than before.
        int[] wrong = Array.ConvertAll(rows.Test.Labels, label => 1 - label);
        ModelCard card = Run(job).Card;
        ModelCard misled = Run(job with { Data = rows with { Test = rows.Test with { Labels = wrong } } }).Card;

        Assert.Equal(Text(card.Budget!.Parameters), Text(misled.Budget!.Parameters));
        Assert.NotEqual(card.Metrics, misled.Metrics);
    }

    [Fact]
    public void Run_Bytes_TakesTheBestThatFits()
    {
        ModelSpec spec = Spec("boosting");
        long some = Train(spec, out _).SizeBytes * 9 / 10;

        ModelCard card = Train(spec with { Budget = new BudgetSpec { MaxBytes = some } }, out byte[] artifact);

        Assert.InRange(artifact.Length, 1, some);
        Assert.Equal(artifact.Length, card.SizeBytes);
        Assert.DoesNotContain(card.Frontier!, p => p.SizeBytes <= some && p.Loss < card.Budget!.Chosen.Loss);
        Assert.Contains(card.Gates!, g => g.Name == "file-size" && g.Bound == some && g.Verdict is GateVerdict.Pass);
    }

    [Theory]
    [InlineData(1000L, null)]
    [InlineData(null, 0.0001)]
    public void Run_NothingFits_OverBudgetSaysTheSmallestThatWasReached(long? bytes, double? microseconds)
    {
        ModelSpec spec = Spec("boosting") with { Budget = new BudgetSpec { MaxBytes = bytes, MaxMicroseconds = microseconds, MaxQualityLoss = 1 } };

        TrainingException refused = Assert.Throws<TrainingException>(() => Train(spec, out _));

        Assert.Equal(TrainingFault.OverBudget, refused.Fault);
        Assert.Matches("the smallest within the loss has [0-9]+ bytes, [0-9.]+ microseconds", refused.Message);
        Assert.Matches("the smallest of all has [0-9]+ bytes", refused.Message);
    }

    [Fact]
    public void Run_Time_TheGateOfLatencyIsBounded() => Assert.Contains(
        Train(Spec("boosting") with { Budget = new BudgetSpec { MaxMicroseconds = 40_000 } }, out _).Gates!,
        g => g is { Name: "latency", Bound: 40_000 });

    [Fact]
    public void Run_WithTune_TheFullModelIsWhatTheSearchFound()
    {
        ModelSpec spec = Spec("boosting") with { Tune = new TuneSpec { Candidates = 2 }, Budget = new BudgetSpec { MaxQualityLoss = 3 } };

        ModelCard card = Train(spec, out byte[] artifact);

        Assert.Equal(card.Tuning!.Parameters.L2, card.Budget!.Parameters.L2);
        Assert.InRange(card.Budget.Parameters.Trees!.Value, 1, card.Tuning.Parameters.Trees!.Value);
        Assert.Equal(artifact, Artifact(spec with { Tune = null, Budget = null, Parameters = card.Budget.Parameters }));
    }

    [Fact]
    public void Run_WithoutABudget_CardSaysNothing()
    {
        ModelCard card = Train(Spec("forest"), out _);

        Assert.Null(card.Budget);
        Assert.Null(card.Frontier);
        Assert.Contains(card.Gates!, g => g is { Name: "budget-loss", Verdict: GateVerdict.NotApplicable });
    }

    [Fact]
    public void Run_Budget_ReportsEachTraining()
    {
        List<TrainingProgress> seen = [];

        Run(Job(Spec("boosting") with { Budget = new BudgetSpec { MaxQualityLoss = 2 } }), new Log(seen.Add));

        TrainingProgress[] budget = [.. seen.Where(p => p.Stage == "budget")];
        Assert.Equal(Enumerable.Range(0, budget.Length).Select(i => (long)i), budget.Select(p => p.Done));
        Assert.True(budget.Length > 4 && budget.All(p => p.Done <= p.Total));
    }

    [Fact]
    public void Run_Cancelled_Ends()
    {
        using CancellationTokenSource stop = new();
        Log log = new(p => StopAt(p, stop));

        Assert.ThrowsAny<OperationCanceledException>(() => TrainingPipeline.CreateDefault().Run(
            Job(Spec("forest") with { Budget = new BudgetSpec { MaxQualityLoss = 2 } }), log, stop.Token));
    }

    private static ModelSpec Spec(string kind)
    {
        ModelSpec spec = kind switch
        {
            "isolation" => Anomaly(labelled: true, null),
            "forest-regression" => Regression(ModelAlgorithm.RandomForest, null),
            "boosting-regression" => Regression(ModelAlgorithm.GradientBoosting, null),
            "forest" => Classes(ModelAlgorithm.RandomForest, null),
            _ => Classes(ModelAlgorithm.GradientBoosting, null),
        };
        return spec with
        {
            Parameters = kind switch
            {
                "isolation" => new ModelParameters { Trees = 12, SamplesPerTree = 64, Contamination = 0.05 },
                "leaf-wise" => new ModelParameters { Trees = 6, Leaves = 8, LearningRate = 0.3 },
                "boosting-regression" => new ModelParameters { Trees = 40, Depth = 4, LearningRate = 0.3 }, // six leave nothing to spare
                _ => new ModelParameters { Trees = 6, Depth = 4, LearningRate = spec.Algorithm is ModelAlgorithm.GradientBoosting ? 0.3 : null },
            },
        };
    }

    private static FrontierPoint Timeless(FrontierPoint point) => point with { Microseconds = null, Parameters = null };

    private static string Text(ModelParameters parameters) => System.Text.Encoding.UTF8.GetString(SpecDigestText.Write(parameters));

    private static ModelCard Train(ModelSpec spec, out byte[] artifact)
    {
        TrainedModel model = Run(Job(spec));
        artifact = model.Artifact;
        return model.Card;
    }

    private static byte[] Artifact(ModelSpec spec) => Run(Job(spec)).Artifact;

    // The time of a row is of a busy machine here, and rows of a test are few.
    private static TrainedModel Run(TrainingJob job, IProgress<TrainingProgress>? progress = null) => TrainingPipeline.CreateDefault().Run(
        job with { Accepted = Accepted }, progress, TestContext.Current.CancellationToken);

    private static Dictionary<string, string> Accepted { get; } = new()
    {
        ["latency"] = "a test",
        ["budget-loss"] = "a test",
        ["class-recall"] = "a test",
        ["slices"] = "a test",
    };

    private static void StopAt(TrainingProgress progress, CancellationTokenSource stop)
    {
        if (progress is { Stage: "budget", Done: 3 })
        {
            stop.Cancel();
        }
    }

    private sealed class Log(Action<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen(value);
    }
}
