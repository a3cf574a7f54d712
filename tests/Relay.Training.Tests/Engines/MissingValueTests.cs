using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines;

public sealed class MissingValueTests
{
    private static readonly ModelParameters OneSplit = new() { Trees = 1, Depth = 1, FeatureFraction = 1, MinChildWeight = 0 };

    public static TheoryData<bool, bool> Sides => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Sides))]
    public void Train_MissingBehavesLikeOneSide_LearnsThatSide(bool forest, bool left)
    {
        // Small values are class 0, large ones class 1; missing ones are like the small or like the large.
        float[] column = [.. Enumerable.Range(0, 60).Select(i => (i % 3) switch { 0 => float.NaN, 1 => -1f - i, _ => 1f + i })];
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => (i % 3) switch { 0 => left ? 0 : 1, 1 => 0, _ => 1 })];

        Tree tree = Train(forest, column, labels);

        Assert.Equal(left, tree.MissingLeft[0]);
        Assert.InRange(tree.Threshold[0], -2f, 2f);
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public void Train_NothingMissing_SendsMissingToTheHeavierSide(bool forest, bool left)
    {
        float[] column = [.. Enumerable.Range(0, 80).Select(i => i % 4 == 0 == left ? 5f + i : -5f - i)];
        int[] labels = [.. column.Select(v => v < 0 ? 0 : 1)];

        Assert.Equal(left, Train(forest, column, labels).MissingLeft[0]);
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public void Train_NothingMissing_CountsEqualRowsEach(bool forest, bool left)
    {
        // Thirty different values on one side, sixty times the same on the other.
        float[] column = [.. Enumerable.Range(0, 90).Select(i => (i < 60 ? 5f : 10f + i) * (left == i < 60 ? -1 : 1))];
        int[] labels = [.. column.Select(v => v < 0 ? 0 : 1)];

        Assert.Equal(left, Train(forest, column, labels).MissingLeft[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_OnlyMissingTells_PartsItFromEveryValue(bool forest)
    {
        float[] column = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? float.NaN : 3f)];
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 2)];

        Tree tree = Train(forest, column, labels);

        Assert.Equal(0, tree.Feature[0]);
        Assert.False(tree.MissingLeft[0]);
        Assert.True(1e30f <= tree.Threshold[0]);
    }

    private static Tree Train(bool forest, float[] column, int[] labels)
    {
        TrainingSet set = new([column], labels, 2);
        return forest
            ? new RandomForestTrainer().Train(set, ForestParameters.From(OneSplit) with { Bootstrap = false }, null, default).Trees[0]
            : new GradientBoostingTrainer().Train(set, OneSplit, null, default).Trees[0];
    }
}
