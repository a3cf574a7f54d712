using Relay.Training.Data.Weighting;
using Relay.Training.Engines.Common.Sharding;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data.Weighting;

public sealed class AgeWeightingTests
{
    private static readonly ModelSpec Spec = CsvFolder.Spec with
    {
        Columns = [.. CsvFolder.Spec.Columns, new ColumnSpec("at", ColumnType.Time)],
        Weights = new WeightSpec { Age = new AgeWeights() },
    };

    [Theory]
    [InlineData(2023d, 2024d, 2025d)]
    [InlineData(202311d, 202312d, 202401d)]
    [InlineData(250130d, 250131d, 250201d)]
    public void Create_DatesThatWereReadAsSeconds_AreRefusedWithFileAndColumn(params double[] times)
    {
        TrainingException refused = Assert.Throws<TrainingException>(() => AgeWeighting.Create(Spec, "a.csv", times, SingleShard.Instance));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.StartsWith("a.csv, column 'at'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_Seconds_IsTheAgeFromTheNewest()
    {
        AgeWeighting? age = AgeWeighting.Create(Spec, "a.csv", [1_735_825_506, 1_735_825_506 - (91 * 86_400d)], SingleShard.Instance);

        Assert.NotNull(age);
        Assert.False(age.IsTooOld(1_735_825_506 - (89 * 86_400d)));
        Assert.True(age.IsTooOld(1_735_825_506 - (91 * 86_400d)));
    }
}
