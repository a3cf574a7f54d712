using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Boosting;

public sealed class BoostingInputTests
{
    private static readonly ModelParameters Eager = new() { Trees = 60, Depth = 4, MinChildWeight = 0 };

    [Fact]
    public void Train_NoRows_IsRefused() => AssertRefused(new TrainingSet([[]], [], 2), TrainingFault.MissingData);

    [Fact]
    public void Train_NoColumns_IsRefused() => AssertRefused(new TrainingSet([], [0, 1], 2), TrainingFault.MissingData);

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Train_InfiniteValue_IsRefused(float value) =>
        AssertRefused(new TrainingSet([[1, value, 3]], [0, 1, 1], 2), TrainingFault.InvalidData);

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Train_TargetThatIsNoNumber_IsRefused(float value) =>
        AssertRefused(new TrainingSet([[1, 2, 3]], [0, 0, 0], 1) { Targets = [1, value, 3] }, TrainingFault.InvalidData);

    [Fact]
    public void Train_OneRow_AnswersWithIt()
    {
        Assert.Equal(7.5f, Assert.Single(Answer(new TrainingSet([[3]], [0], 1) { Targets = [7.5f] }, [3])), 1e-5);
        Assert.Equal(1, EnsembleEvaluator.Labels(Answer(new TrainingSet([[3]], [1], 3), [3]), 3)[0]);
    }

    [Fact]
    public void Train_MoreClassesThanRows_KnowsTheRows()
    {
        float[] column = [1, 2, 3];

        Assert.Equal([4, 0, 9], EnsembleEvaluator.Labels(Answer(new TrainingSet([column], [4, 0, 9], 12), column), 12));
    }

    [Fact]
    public void Train_ClassOfOneRow_KnowsIt()
    {
        float[] column = [.. Enumerable.Range(0, 200).Select(i => (float)i)];
        int[] labels = [.. column.Select(v => v == 120 ? 2 : v < 60 ? 0 : 1)];

        Assert.Equal(labels, EnsembleEvaluator.Labels(Answer(new TrainingSet([column], labels, 3), column), 3));
    }

    [Fact]
    public void Train_ColumnsThatTellNothing_ChangeNothing()
    {
        TrainingSet set = SmallData.Create(3, 400, 3, 3, 60, 0.1);
        float[] missing = [.. set.Labels.Select(_ => float.NaN)];
        float[] constant = [.. set.Labels.Select(_ => 4f)];
        TrainingSet more = set with { Columns = [.. set.Columns, missing, constant, set.Columns[1]] };

        TreeEnsemble plain = Train(set);
        TreeEnsemble ensemble = Train(more);

        Assert.Equal(plain.Trees.SelectMany(t => t.Feature), ensemble.Trees.SelectMany(t => t.Feature));
        Assert.Equal(plain.Trees.SelectMany(t => t.LeafValues), ensemble.Trees.SelectMany(t => t.LeafValues));
        Assert.Equal([.. plain.Importance!, 0, 0, 0], ensemble.Importance!);
    }

    [Fact]
    public void Train_OneValueOrMissing_PartsThem()
    {
        float[] column = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? float.NaN : 5f)];
        int[] labels = [.. column.Select(v => float.IsNaN(v) ? 1 : 0)];

        Assert.Equal(labels, EnsembleEvaluator.Labels(Answer(new TrainingSet([column], labels, 2), column), 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Train_MissingValuesInTrainAndTest_ScoresAsItLearned(int classes)
    {
        // What training adds to the scores of validation rows is what the ensemble answers for them, wherever they miss a value.
        TrainingSet set = classes == 1 ? SmallData.CreateNumbers(4, 1200, 4, 30, 0.1) : SmallData.Create(4, 1200, 4, classes, 30, 0.1);
        ModelParameters parameters = new() { Trees = 15, EarlyStoppingRounds = 10_000, ValidationFraction = 0.5, Subsample = 0.5 };
        List<double> losses = [];

        TreeEnsemble ensemble = new GradientBoostingTrainer(1).Train(set, parameters, new Losses(losses), default);

        EnsembleEvaluator evaluator = new(ensemble, 1);
        float[] answers = evaluator.Probabilities(set.Columns);
        double[] loss = [.. SmallData.AllRows(set).Select(row => set.Targets is { } targets
            ? Math.Pow(answers[row] - targets[row], 2) / 2
            : -Math.Log(answers[(row * evaluator.ClassCount) + set.Labels[row]]))];
        BinnedRows data = BinnedRows.Create(set, 1, null, default);
        bool[] validation = ValidationRows.Choose(data, BoostingParameters.From(parameters));
        double expected = loss.Where((_, row) => validation[data.RowOf[row]]).Average();
        Assert.Equal(1, losses.Min() / expected, 1e-5);
    }

    [Fact]
    public void Train_ValuesOnThresholds_GoAsTheyWentInTraining()
    {
        TrainingSet set = SmallData.CreateNumbers(9, 500, 2, 400, 0);
        TreeEnsemble ensemble = new GradientBoostingTrainer().Train(
            set, new ModelParameters { Trees = 1, Depth = 6, LearningRate = 1, L2 = 0, MinChildWeight = 0 }, null, default);
        Tree tree = ensemble.Trees[0];
        float[] thresholds = [.. tree.Threshold.Where((_, node) => tree.Feature[node] == 0)];
        float[] other = [.. thresholds.Select(_ => 0f)];

        float[] on = new EnsembleEvaluator(ensemble).Probabilities([thresholds, other]);
        float[] below = new EnsembleEvaluator(ensemble).Probabilities([[.. thresholds.Select(MathF.BitDecrement)], other]);
        float[] above = new EnsembleEvaluator(ensemble).Probabilities([[.. thresholds.Select(MathF.BitIncrement)], other]);

        Assert.Equal(below, on);
        Assert.NotEqual(above, on);
    }

    [Fact]
    public void Train_HundredThousandColumns_FindsTheOneThatTells()
    {
        Random random = new(1);
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 2)];
        float[][] columns = [.. Enumerable.Range(0, 100_000).Select(c =>
            labels.Select(label => c == 77_777 ? label : (float)random.Next(3)).ToArray())];

        TreeEnsemble ensemble = new GradientBoostingTrainer().Train(
            new TrainingSet(columns, labels, 2), new ModelParameters { Trees = 2, Depth = 2 }, null, default);

        Assert.Equal(1, ensemble.Importance![77_777], 1e-9);
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1f)]
    [InlineData(1e30f)]
    public void Train_TargetsOfAnyRange_AreLearned(float unit)
    {
        TrainingSet set = SmallData.CreateNumbers(9, 500, 2, 40, 0);
        set = set with { Targets = [.. set.Targets!.Select(t => t * unit)] };

        float[] answers = Answer(set, set.Columns);

        double mean = set.Targets.Average(t => (double)t / unit);
        double before = set.Targets.Average(t => Math.Pow((t / unit) - mean, 2));
        Assert.InRange(set.Targets.Zip(answers).Average(p => Math.Pow((p.First / unit) - (p.Second / unit), 2)), 0, before / 50);
    }

    private static void AssertRefused(TrainingSet set, TrainingFault fault) =>
        Assert.Equal(fault, Assert.Throws<TrainingException>(() => Train(set)).Fault);

    private static float[] Answer(TrainingSet set, params float[][] columns) => new EnsembleEvaluator(Train(set)).Probabilities(columns);

    private static TreeEnsemble Train(TrainingSet set) => new GradientBoostingTrainer(2).Train(set, Eager, null, default);

    private sealed class Losses(List<double> all) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value is { Stage: "fit", ValidationLoss: { } loss })
            {
                all.Add(loss);
            }
        }
    }
}
