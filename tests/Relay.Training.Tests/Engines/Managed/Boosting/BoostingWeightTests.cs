using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Boosting;

public sealed class BoostingWeightTests
{
    private static readonly ModelParameters Parameters = new() { Trees = 8, Depth = 4 };

    public static TheoryData<int, int> Cases => new() { { 2, 3 }, { 4, 3 }, { 1, 3 }, { 3, 1000 }, { 1, 1000 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_WholeWeights_GiveWhatRepeatedRowsGive(int classes, int most)
    {
        TrainingSet set = Create(classes);
        int[] times = [.. SmallData.Numbers(set, 7, 1, most).Select(w => (int)w)];
        int[] order = [.. SmallData.AllRows(set).SelectMany(row => Enumerable.Repeat(row, times[row]))];

        Assert.Equal(Digest(Pick(set, order)), Digest(set with { SampleWeights = [.. times.Select(t => (float)t)] }));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(1)]
    public void Train_WeightsOfOne_GiveWhatNoWeightsGive(int classes)
    {
        TrainingSet set = Create(classes);

        Assert.Equal(Digest(set), Digest(set with { SampleWeights = [.. set.Labels.Select(_ => 1f)] }));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public void Train_WeightsScaledByAPowerOfTwo_GiveTheSameBitsWithoutPenalties(int classes)
    {
        TrainingSet set = Create(classes);
        float[] weights = SmallData.Numbers(set, 3, 0.1f, 4);
        ModelParameters free = Parameters with { L2 = 0, MinChildWeight = 0 };

        // The least gain is a number that does not scale, so the trees are kept small enough not to meet it.
        free = free with { Depth = 2, Trees = 3 };
        Assert.Equal(
            Digest(set with { SampleWeights = weights }, free), Digest(set with { SampleWeights = [.. weights.Select(w => w * 64)] }, free));
    }

    [Fact]
    public void Train_WeightsOfAnyRatio_FollowTheHeavyRows()
    {
        // Ten heavy rows say 1 where a thousand light ones say 0.
        float[] column = [.. Enumerable.Range(0, 1010).Select(i => i < 505 ? 0f : 1f)];
        int[] labels = [.. Enumerable.Range(0, 1010).Select(i => i % 101 == 0 ? 1 : 0)];
        float[] weights = [.. labels.Select(label => label == 1 ? 1e6f : 0.1f)];

        TreeEnsemble ensemble = new GradientBoostingTrainer().Train(
            new TrainingSet([column], labels, 2) { SampleWeights = weights }, Parameters with { Trees = 40 }, null, default);

        float[] probabilities = new EnsembleEvaluator(ensemble).Probabilities([[0f, 1f]]);
        Assert.InRange(probabilities[1], 0.99f, 1);
        Assert.InRange(probabilities[3], 0.99f, 1);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Train_WeightThatIsNone_IsRefused(float bad)
    {
        TrainingSet set = Create(2);
        float[] weights = [.. set.Labels.Select(_ => 1f)];
        weights[17] = bad;

        TrainingException refused = Assert.Throws<TrainingException>(() => Digest(set with { SampleWeights = weights }));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
    }

    private static TrainingSet Create(int classes) => classes == 1
        ? SmallData.CreateNumbers(5, 300, 4, 40, 0.1)
        : SmallData.Create(5, 300, 4, classes, 40, 0.1);

    private static TrainingSet Pick(TrainingSet set, int[] rows) => new(
        [.. set.Columns.Select(c => rows.Select(r => c[r]).ToArray())], [.. rows.Select(r => set.Labels[r])], set.ClassCount)
    {
        Targets = set.Targets is { } targets ? [.. rows.Select(r => targets[r])] : null,
    };

    private static string Digest(TrainingSet set, ModelParameters? parameters = null) =>
        EnsembleDigest.Compute(new GradientBoostingTrainer(2).Train(set, parameters ?? Parameters, null, default));
}
