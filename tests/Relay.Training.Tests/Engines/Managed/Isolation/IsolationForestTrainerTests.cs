using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Isolation;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Isolation;

public sealed class IsolationForestTrainerTests
{
    public static TheoryData<ModelParameters> OutOfRange => new(
        new ModelParameters { Trees = 0 }, new ModelParameters { Trees = 10_001 }, new ModelParameters { SamplesPerTree = 1 },
        new ModelParameters { SamplesPerTree = 65_537 }, new ModelParameters { Contamination = 0 },
        new ModelParameters { Contamination = 0.51 }, new ModelParameters { Contamination = double.NaN });

    [Fact]
    public void Train_AnyNumberOfThreads_GivesTheSameBits()
    {
        TrainingSet set = SmallData.Create(1, 3000, 5, 1, 700, 0.1);

        string[] digests = [.. new[] { 1, 2, 3 }.Select(
            threads => EnsembleDigest.Compute(new IsolationForestTrainer(threads).Train(set, new ModelParameters(), null, default)))];

        Assert.Single(digests.Distinct());
    }

    [Fact]
    public void Train_OtherSeed_GivesAnotherDigest()
    {
        TrainingSet set = SmallData.Create(1, 300, 5, 1, 700, 0);

        Assert.NotEqual(Digest(1), Digest(2));

        string Digest(ulong seed) =>
            EnsembleDigest.Compute(new IsolationForestTrainer().Train(set, new ModelParameters { Seed = seed }, null, default));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    public void Train_Contamination_CallsThatShareOfTrainingRowsAnomalous(double share)
    {
        TrainingSet set = SmallData.Create(2, 2000, 4, 1, 100_000, 0);

        TreeEnsemble forest = new IsolationForestTrainer().Train(set, new ModelParameters { Contamination = share }, null, default);

        float[] scores = new EnsembleEvaluator(forest).Probabilities(set.Columns);
        Assert.All(scores, s => Assert.InRange(s, -1, 0));
        Assert.InRange(scores.Count(s => s < forest.Offset) / 2000.0, share - 0.01, share + 0.001);
    }

    [Fact]
    public void Train_RowFarFromAllOthers_IsTheStrangest()
    {
        float[] column = [.. Enumerable.Range(0, 500).Select(i => i % 50 / 50f), 40f];
        TrainingSet set = new([column], new int[501], 1);

        TreeEnsemble forest = new IsolationForestTrainer().Train(set, new ModelParameters { SamplesPerTree = 501 }, null, default);

        float[] scores = new EnsembleEvaluator(forest).Probabilities(set.Columns);
        Assert.Equal(500, Array.IndexOf(scores, scores.Min()));
        Assert.True(scores[500] < -0.7f);
    }

    [Fact]
    public void Train_MissingValue_MakesARowNoStranger()
    {
        Random random = new(3);
        float[] first = [.. Enumerable.Range(0, 1000).Select(_ => (float)random.NextDouble())];
        float[] second = [.. first.Select((v, i) => i < 20 ? float.NaN : (float)random.NextDouble())];
        TrainingSet set = new([first, second], new int[1000], 1);

        TreeEnsemble forest = new IsolationForestTrainer().Train(set, new ModelParameters(), null, default);

        float[] scores = new EnsembleEvaluator(forest).Probabilities(set.Columns);
        Assert.True(scores.Take(20).Average() > scores.Skip(20).Average() - 0.02);
    }

    [Fact]
    public void Train_HeavyRows_AreDrawnMoreAndSoNormal()
    {
        // Two clusters of the same size, one of which weighs a hundred times the other.
        float[] column = [.. Enumerable.Range(0, 1000).Select(i => (i % 2 == 0 ? 0f : 10f) + (i / 1000f))];
        float[] weights = [.. Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? 100f : 1f)];

        TreeEnsemble forest = new IsolationForestTrainer().Train(
            new TrainingSet([column], new int[1000], 1) { SampleWeights = weights }, new ModelParameters(), null, default);

        float[] scores = new EnsembleEvaluator(forest).Probabilities([column]);
        Assert.True(scores.Where((_, i) => i % 2 == 1).Max() < scores.Where((_, i) => i % 2 == 0).Min());
    }

    [Fact]
    public void Train_AllRowsEqual_GivesOneLeafThatIsNeitherStrangeNorNormal()
    {
        TreeEnsemble forest = new IsolationForestTrainer().Train(
            new TrainingSet([new float[100]], new int[100], 1), new ModelParameters(), null, default);

        Assert.All(forest.Trees, t => Assert.Equal([-1], t.Feature));
        Assert.Equal(-0.5, new EnsembleEvaluator(forest).Probabilities([[0f]])[0], 1e-5);
    }

    [Theory]
    [InlineData(0f, 1.401298464e-45f)]
    [InlineData(-float.MaxValue, float.MaxValue)]
    [InlineData(1f, 1.00000012f)]
    [InlineData(-1.00000012f, -1f)]
    public void Train_NeighbouringAndExtremeValues_AreParted(float low, float high)
    {
        float[] column = [.. Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? low : high)];

        TreeEnsemble forest = new IsolationForestTrainer().Train(
            new TrainingSet([column], new int[64], 1), new ModelParameters { Trees = 50 }, null, default);

        Assert.All(forest.Trees, t => Assert.True(t.NodeCount == 3 && low <= t.Threshold[0] && t.Threshold[0] < high));
    }

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Train_ParameterOutOfRange_IsRefused(ModelParameters parameters) =>
        Assert.Equal(
            TrainingFault.InvalidSpec,
            Assert.Throws<TrainingException>(
                () => new IsolationForestTrainer().Train(SmallData.Create(1, 20, 2, 1, 5, 0), parameters, null, default)).Fault);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Train_FewerThanTwoRows_IsRefused(int rows) =>
        Assert.Equal(
            TrainingFault.TooFewRows,
            Assert.Throws<TrainingException>(() => new IsolationForestTrainer().Train(
                new TrainingSet([new float[rows]], new int[rows], 1), new ModelParameters(), null, default)).Fault);

    [Fact]
    public void Train_Canceled_Stops()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(
            () => new IsolationForestTrainer().Train(SmallData.Create(1, 3000, 4, 1, 500, 0), new ModelParameters(), null, stop.Token));
    }
}
