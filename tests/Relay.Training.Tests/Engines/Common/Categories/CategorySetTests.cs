using Relay.Training.Engines.Common.Categories;
using Relay.Training.Trees;

namespace Relay.Training.Tests.Engines.Common.Categories;

public sealed class CategorySetTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void ToTree_AnySides_SendsEveryCodeAndNaNWhereTheSetSays(bool startsLeft, bool missingLeft)
    {
        int[][] sets = [[0], [3], [0, 1, 2], [1, 2, 5, 9], [0, 2, 4, 6, 8, 10], [.. Enumerable.Range(5, 40)], [31, 32, 63, 64]];
        foreach (int[] codes in sets)
        {
            CategorySet set = new(0, CategorySets.ToBounds(codes, zero: -1), startsLeft, missingLeft);
            float[] values = [.. Enumerable.Range(0, 70).Select(code => (float)code), -0.5f, -1, -2, 2.5f, 1e30f, float.PositiveInfinity, float.NaN];

            float[] sides = new EnsembleEvaluator(new TreeEnsemble(1, 1, [set.ToTree(0)], [0], Link.None), threads: 1)
                .Probabilities([values], TestContext.Current.CancellationToken);

            for (int i = 0; i < values.Length; i++)
            {
                bool isIn = values[i] > -1 && values[i] < 1000 && codes.Contains((int)values[i]);
                bool goesLeft = float.IsNaN(values[i]) ? missingLeft : isIn != startsLeft;
                Assert.True(sides[i] == (goesLeft ? 0 : 1), $"{values[i]} of {string.Join(' ', codes)}: {sides[i]}");
            }

            Assert.Equal(codes[^1] + 1, set.CodeCount);
        }
    }

    [Fact]
    public void Add_EqualSets_ShareAColumn()
    {
        CategorySets sets = new(features: 5);

        Assert.Equal(5, sets.Add(new CategorySet(1, [0.5f], false, false)));
        Assert.Equal(6, sets.Add(new CategorySet(2, [0.5f], false, false)));
        Assert.Equal(5, sets.Add(new CategorySet(1, [0.5f], false, false)));
        Assert.Equal(7, sets.Add(new CategorySet(1, [0.5f], false, true)));
    }

    [Fact]
    [Trait("Attack", "hostile-model-file")]
    public void Add_MoreSetsThanCanRun_IsRefused()
    {
        CategorySets sets = new(features: 1);
        for (int i = 0; i < CategorySets.MaxSets; i++)
        {
            sets.Add(new CategorySet(0, [i], false, false));
        }

        Assert.Equal(TrainingFault.InvalidModelFile, Assert.Throws<TrainingException>(() => sets.Add(new CategorySet(0, [-1], false, false))).Fault);
        CategorySets wide = new(features: 1);
        Assert.Throws<TrainingException>(() => wide.Add(new CategorySet(0, new float[CategorySets.MaxBounds + 1], false, false)));
        Assert.Throws<TrainingException>(() => wide.Count(CategorySets.MaxListed + 1L));
    }
}
