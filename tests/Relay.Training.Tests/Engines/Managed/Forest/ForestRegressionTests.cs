using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Forest;

public sealed class ForestRegressionTests(ITestOutputHelper output)
{
    private const string FitAndPredict =
        """
        from sklearn.ensemble import RandomForestRegressor
        forest = RandomForestRegressor(n_estimators=100, max_depth=20, max_features=1.0, random_state=42, n_jobs=2)
        result = forest.fit(train, targets, sample_weight=weights).predict(test)
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_AnyNumberOfThreads_GivesTheSameBits(bool weighted)
    {
        TrainingSet set = SmallData.Create(11, 6000, 6, 2, 900, 0.05).WithTargets();
        set = weighted ? set.Weighted() : set;

        string[] digests = [.. new[] { 1, 2, 3 }.Select(
            threads => EnsembleDigest.Compute(new RandomForestTrainer(threads).Train(set, new ModelParameters { Trees = 12 }, null, default)))];

        Assert.Single(digests.Distinct());
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-3.25f)]
    [InlineData(1e30f)]
    public void Train_OneTarget_IsAnsweredExactly(float target)
    {
        TrainingSet set =
            SmallData.Create(1, 50, 2, 2, 9, 0) with { Targets = [.. Enumerable.Repeat(target, 50)], Labels = new int[50], ClassCount = 1 };

        TreeEnsemble forest = new RandomForestTrainer().Train(set, new ModelParameters { Trees = 7 }, null, default);

        Assert.All(forest.Trees, t => Assert.Equal([-1], t.Feature));
        Assert.All(new EnsembleEvaluator(forest).Probabilities(set.Columns), v => Assert.Equal(target, v));
    }

    [Fact]
    public void Train_SmallDifferencesFarFromZero_AreLearned()
    {
        float[] column = [.. Enumerable.Range(0, 400).Select(i => (float)i)];
        float[] targets = [.. column.Select(v => 1e6f + (v < 200 ? 0 : 1))];
        TrainingSet set = new([column], new int[400], 1) { Targets = targets };

        TreeEnsemble forest = new RandomForestTrainer().Train(set, new ModelParameters(), null, default);

        float[] answers = new EnsembleEvaluator(forest).Probabilities([[10f, 390f]]);
        Assert.Equal([1e6f, 1e6f + 1], answers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_MissingBehavesLikeOneSide_LearnsThatSide(bool left)
    {
        float[] column = [.. Enumerable.Range(0, 60).Select(i => (i % 3) switch { 0 => float.NaN, 1 => -1f - i, _ => 1f + i })];
        float[] targets = [.. Enumerable.Range(0, 60).Select(i => (i % 3) switch { 0 => left ? -5f : 5f, 1 => -5f, _ => 5f })];
        ForestParameters one = ForestParameters.From(new ModelParameters { Trees = 1 }) with { Bootstrap = false };

        TreeEnsemble forest = new RandomForestTrainer().Train(
            new TrainingSet([column], new int[60], 1) { Targets = targets }, one, null, default);

        Assert.Equal(left, forest.Trees[0].MissingLeft[0]);
        Assert.Equal(targets, new EnsembleEvaluator(forest).Probabilities([column]));
    }

    [Theory]
    [InlineData(0f, 1.401298464e-45f)]
    [InlineData(-float.MaxValue, float.MaxValue)]
    [InlineData(1f, 1.00000012f)]
    [InlineData(-0f, 0.1f)]
    public void Train_ValuesOnTheThreshold_GoWhereTheyWereTrained(float low, float high)
    {
        float[] column = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? low : high)];
        float[] targets = [.. column.Select(v => v == low ? -1f : 1f)];
        ForestParameters one = ForestParameters.From(new ModelParameters { Trees = 1 }) with { Bootstrap = false };

        TreeEnsemble forest = new RandomForestTrainer().Train(
            new TrainingSet([column], new int[40], 1) { Targets = targets }, one, null, default);

        Assert.Equal(targets, new EnsembleEvaluator(forest).Probabilities([column]));
        Assert.Equal([-1f], new EnsembleEvaluator(forest).Probabilities([[forest.Trees[0].Threshold[0]]]));
        Assert.Equal([1f], new EnsembleEvaluator(forest).Probabilities([[MathF.BitIncrement(forest.Trees[0].Threshold[0])]]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_FriedmansFunction_IsAsCloseAsScikitLearn(bool weighted)
    {
        TrainingSet train = Friedman(1, 4000);
        train = weighted ? train.Weighted() : train;
        TrainingSet test = Friedman(2, 4000);
        float[] theirs = ScikitLearn.Run(FitAndPredict, train, test.Columns);

        TreeEnsemble forest = new RandomForestTrainer().Train(train, new ModelParameters { FeatureFraction = 1 }, null, default);

        float[] ours = new EnsembleEvaluator(forest).Probabilities(test.Columns);
        output.WriteLine($"R2 {R2(test.Targets!, ours)}, scikit-learn {R2(test.Targets!, theirs)}");
        Assert.InRange(R2(test.Targets!, ours), R2(test.Targets!, theirs) - 0.01, 1);
    }

    // Friedman (1991): two columns of interaction, one squared, two linear, and noise.
    private static TrainingSet Friedman(int seed, int rows)
    {
        Random random = new(seed);
        float[][] x = [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, rows).Select(_ => random.NextSingle()).ToArray())];
        float[] targets = [.. Enumerable.Range(0, rows).Select(r => (float)(
            (10 * Math.Sin(Math.PI * x[0][r] * x[1][r])) + (20 * Math.Pow(x[2][r] - 0.5,
                2)) + (10 * x[3][r]) + (5 * x[4][r]) + random.NextDouble()))];
        return new TrainingSet(x, new int[rows], 1) { Targets = targets };
    }

    private static double R2(float[] truth, float[] answers)
    {
        double mean = truth.Average();
        return 1 - (truth.Zip(answers).Sum(p => Math.Pow(p.First - p.Second, 2)) / truth.Sum(t => Math.Pow(t - mean, 2)));
    }
}
