using Relay.Training.Budgets;
using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Gates.Statistics;
using Relay.Training.Tests.Engines;
using Relay.Training.Trees;
using Shared.Contracts.Models;
using static Relay.Training.Tests.TaskRows;

namespace Relay.Training.Tests.Budgets;

/// <summary>The models that one training gives.</summary>
public sealed class CandidateFamilyTests
{
    private static readonly TrainingSet Set = SmallData.Create(7, 240, 4, 3, 20, 0.1) with { Names = ["a", "b", "c", "d"] };

    public static TheoryData<string> Kinds =>
        ["forest", "forest of some columns", "forest with leaves", "numbers", "boosting", "boosting of two classes"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Scorer_EveryMember_AnswersAsTheModelThatItsParametersTrain(string kind)
    {
        (CandidateFamily family, TrainingSet set, ModelSpec spec) = Grow(kind);
        TrainingSet rows = family.Select(set);
        ICandidateScorer scorer = family.CreateScorer();
        float[] answers = new float[family.Members.Count];

        for (int member = 0; member < family.Members.Count; member += 3)
        {
            TreeEnsemble trained = FeatureSubset.Train(EngineCatalog.CreateDefault().Create(spec), set, family.Members[member], null, default);
            Assert.Equal(EnsembleDigest.Compute(trained), EnsembleDigest.Compute(family.Create(member)));
            EnsembleEvaluator evaluator = new(trained);
            float[] values = evaluator.Probabilities(set.Columns, TestContext.Current.CancellationToken);
            int[] labels = EnsembleEvaluator.Labels(values, evaluator.ClassCount);
            int others = 0;
            for (int row = 0; row < set.RowCount; row++)
            {
                scorer.Score([.. rows.Columns.Select(c => c[row])], answers);
                float expected = set.Targets is null ? labels[row] : values[row];
                others += Math.Abs(answers[member] - expected) > 1e-4 * Math.Max(1, Math.Abs(expected)) ? 1 : 0;
            }

            // Equal shares of two classes are told apart by the last bit of their sums.
            Assert.InRange(others, 0, set.RowCount / 50);
        }
    }

    [Fact]
    public void NextLarger_OfAForest_IsAStepMoreOfTreesOfLeavesAndOfBoth()
    {
        (CandidateFamily family, _, _) = Grow("forest");
        int steps = family.Members.Count(m => m.Trees == 1);

        Assert.Equal([1, steps, steps + 1], family.NextLarger(0));
        Assert.Equal([(2 * steps) - 1], family.NextLarger(steps - 1));
        Assert.Empty(family.NextLarger(family.Members.Count - 1));
    }

    [Fact]
    public void NextLarger_OfBoosting_IsTwoStepsMoreOfRounds()
    {
        (CandidateFamily family, _, _) = Grow("boosting");

        Assert.Equal([1, 2], family.NextLarger(0));
        Assert.Equal([family.Members.Count - 1], family.NextLarger(family.Members.Count - 2));
        Assert.Empty(family.NextLarger(family.Members.Count - 1));
    }

    [Fact]
    public void Frontier_ManyModels_KeepsTheBestTheFullAndTheChosenOneAndSomeOthers()
    {
        Random random = new(2);
        SmallModel[] models = [.. Enumerable.Range(0, 900).Select(i => Model(1000 + i, random.NextDouble() * 100 / (i + 1)))];
        SmallModel full = Model(9999, 0);
        SmallModel chosen = models[450];

        IReadOnlyList<SmallModel> shown = Frontier.Choose([.. models, full], chosen, full);

        Assert.InRange(shown.Count, 10, 102);
        Assert.Contains(full, shown);
        Assert.Contains(chosen, shown);
        Assert.Contains(models.MinBy(m => m.Loss.Points), shown);
        Assert.Equal(shown.OrderBy(m => m.Bytes), shown);
    }

    private static SmallModel Model(long bytes, double points) =>
        new(new(), bytes, new LossEstimate(1, 1, points, new(points, points)), () => throw new InvalidOperationException()) { SafePoints = points };

    private static (CandidateFamily Family, TrainingSet Set, ModelSpec Spec) Grow(string kind)
    {
        bool isForest = !kind.StartsWith("boosting", StringComparison.Ordinal);
        TrainingSet set = kind switch
        {
            "numbers" => Set.WithTargets(),
            "boosting of two classes" => SmallData.Create(8, 240, 4, 2, 20, 0.1),
            _ => Set,
        };
        ModelSpec spec = kind == "numbers"
            ? Regression(ModelAlgorithm.RandomForest, null)
            : Classes(isForest ? ModelAlgorithm.RandomForest : ModelAlgorithm.GradientBoosting, null);
        ModelParameters shape = kind switch
        {
            "forest of some columns" => new ModelParameters { Depth = 6, Features = ["a", "c"] },
            "forest with leaves" => new ModelParameters { Depth = 6, Leaves = 9 },
            _ => new ModelParameters { Depth = 4 },
        };
        int[] trees = SizeLadder.Trees(7);
        return isForest
            ? (ForestFamily.Grow(set, shape, trees, null, default), set, spec)
            : (PrefixFamily.Grow(EngineCatalog.CreateDefault(), spec, set, shape, trees, default), set, spec);
    }
}
