using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Boosting;

public sealed class MonotoneTests
{
    private static readonly string[] Names = ["up", "down", "free"];

    private static readonly ModelParameters Constrained = new()
    {
        Trees = 40,
        Depth = 5,
        Monotone = new Dictionary<string, int> { ["up"] = 1, ["down"] = -1 },
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_Constrained_NeverTurnsBackOnAGrid(bool numbers)
    {
        TreeEnsemble ensemble = Train(Create(numbers), Constrained);

        Assert.Equal(0, Reversals(ensemble, 0, 1));
        Assert.Equal(0, Reversals(ensemble, 1, -1));
        Assert.NotEqual(0, ensemble.Importance![0]);
        Assert.NotEqual(0, ensemble.Importance[1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_Free_TurnsBackSomewhere(bool numbers)
    {
        TreeEnsemble ensemble = Train(Create(numbers), Constrained with { Monotone = null });

        Assert.NotEqual(0, Reversals(ensemble, 0, 1));
    }

    [Fact]
    public void Train_ManyClasses_IsRefused() => AssertRefused(SmallData.Create(1, 50, 3, 3, 9, 0) with { Names = Names }, Constrained);

    [Fact]
    public void Train_UnknownColumn_IsRefused() => AssertRefused(
        Create(false), Constrained with { Monotone = new Dictionary<string, int> { ["sideways"] = 1 } });

    [Fact]
    public void Train_UnknownDirection_IsRefused() => AssertRefused(
        Create(false), Constrained with { Monotone = new Dictionary<string, int> { ["up"] = 2 } });

    // Noise and waves that a free model would follow.
    private static TrainingSet Create(bool numbers)
    {
        TrainingSet set = SmallData.Create(12, 3000, 3, 2, 100, 0.05) with { Names = Names };
        float[] noise = SmallData.Numbers(set, 2, -4, 4);
        float[] values = [.. SmallData.AllRows(set).Select(row =>
        {
            float up = float.IsNaN(set.Columns[0][row]) ? 0 : set.Columns[0][row];
            float down = float.IsNaN(set.Columns[1][row]) ? 0 : set.Columns[1][row];
            return (up / 3) - (down / 4) + (6 * MathF.Sin(up)) + noise[row];
        })];
        return numbers
            ? set with { Targets = values, Labels = new int[set.RowCount], ClassCount = 1 }
            : set with { Labels = [.. values.Select(value => value > 0 ? 1 : 0)] };
    }

    // Over a grid of the other two columns, how often the answer goes the wrong way along one.
    private static int Reversals(TreeEnsemble ensemble, int column, int direction)
    {
        float[] grid = [.. Enumerable.Range(-25, 51).Select(i => i * 0.8f)];
        float[] coarse = [-15, -3, 0, 5, 12, float.NaN];
        int reversals = 0;
        foreach (float first in coarse)
        {
            foreach (float second in coarse)
            {
                float[][] columns = [[.. grid.Select(_ => first)], [.. grid.Select(_ => first)], [.. grid.Select(_ => second)]];
                columns[column] = grid;
                EnsembleEvaluator evaluator = new(ensemble, 1);
                float[] answers = evaluator.Probabilities(columns);
                for (int i = 1; i < grid.Length; i++)
                {
                    int last = evaluator.ClassCount - 1;
                    float change = answers[(i * evaluator.ClassCount) + last] - answers[((i - 1) * evaluator.ClassCount) + last];
                    reversals += change * direction < 0 ? 1 : 0;
                }
            }
        }

        return reversals;
    }

    private static void AssertRefused(TrainingSet set, ModelParameters parameters) => Assert.Equal(
        TrainingFault.InvalidSpec, Assert.Throws<TrainingException>(() => Train(set, parameters)).Fault);

    private static TreeEnsemble Train(TrainingSet set, ModelParameters parameters) =>
        new GradientBoostingTrainer(2).Train(set, parameters, null, default);
}
