using Shared.Contracts.Models;
using static Relay.Training.Tests.TaskRows;

namespace Relay.Training.Tests.Budgets;

/// <summary>Files that are smaller than the search expects: their golden vectors and figures are shorter than those of the full model.</summary>
public sealed class BudgetSizeTests
{
    public static TheoryData<string> Kinds => ["boosting", "isolation"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_BytesOfTheSmallestFile_TakesIt(string kind)
    {
        long smallest = Train(kind, new BudgetSpec { MaxQualityLoss = 100 }).SizeBytes;

        Assert.Equal(smallest, Train(kind, new BudgetSpec { MaxBytes = smallest, MaxQualityLoss = 100 }).SizeBytes);
    }

    private static ModelCard Train(string kind, BudgetSpec budget)
    {
        ModelSpec spec = kind == "isolation"
            ? Anomaly(labelled: true, null) with { Parameters = new ModelParameters { Trees = 12, SamplesPerTree = 64, Contamination = 0.05 } }
            : Classes(ModelAlgorithm.GradientBoosting, null) with { Parameters = new ModelParameters { Trees = 6, Depth = 4 } };
        TrainingJob job = Job(spec with { Budget = budget }) with
        {
            // The time of a row is of a busy machine here, and rows of a test are few.
            Accepted = new Dictionary<string, string>
            {
                ["latency"] = "a test",
                ["budget-loss"] = "a test",
                ["class-recall"] = "a test",
                ["slices"] = "a test",
            },
        };
        return TrainingPipeline.CreateDefault().Run(job, null, TestContext.Current.CancellationToken).Card;
    }
}
