using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data.Tables;

public sealed class DataChecksTests
{
    private static readonly ModelSpec Spec = CsvFolder.Spec with { Label = new LabelSpec() };

    [Fact]
    public void Require_SoundRows_Passes() => DataChecks.Require(Set([1, "x", 1], [2, "y", 2], [3, "x", 3], [4, "y", 4]), Spec);

    [Fact]
    public void Require_SingleClass_IsRefused()
    {
        using DataSetBuilder builder = new(Spec, "rows");
        builder.Add([1f, "x", 1f], "only");
        builder.Add([2f, "y", 2f], "only");

        Refused(TrainingFault.TooFewClasses, builder.Build(), Spec);
    }

    [Fact]
    public void Require_LabelSeenOnce_IsRefused() =>
        Refused(TrainingFault.TooFewClasses, Set([1, "x", 1], [2, "y", 2], [3, "x", 3]), Spec);

    [Fact]
    public void Require_EveryColumnConstant_IsRefused() =>
        Refused(TrainingFault.ConstantColumn, Set([1, "x", null], [1, "x", null], [1, "x", null], [1, "x", null]), Spec);

    [Theory]
    [InlineData(7f)]
    [InlineData(null)]
    public void Require_OneConstantColumn_Passes(float? value) =>
        DataChecks.Require(Set([1, "x", value], [2, "y", value], [3, "x", value], [4, "y", value]), Spec);

    [Fact]
    public void Require_OneValueAndMissing_Passes() =>
        DataChecks.Require(Set([1, "x", 7], [2, "y", null], [3, "x", 7], [4, "y", 7]), Spec);

    [Theory]
    [InlineData(ModelTask.Classification)]
    [InlineData(ModelTask.Regression)]
    [InlineData(ModelTask.AnomalyDetection)]
    [InlineData(ModelTask.Scaling)]
    public void Require_FewerThanTwoRows_IsRefused(ModelTask task)
    {
        foreach (int rows in new[] { 0, 1 })
        {
            ModelSpec spec =
                Spec with { Task = task, Columns = [.. Spec.Columns.Where(c => c.Type != ColumnType.Label || task is ModelTask.Classification)] };
            using DataSetBuilder builder = new(spec, "rows");
            for (int row = 0; row < rows; row++)
            {
                builder.Add([1f, "x", 1f], "a");
            }

            Refused(TrainingFault.TooFewRows, builder.Build(), spec);
        }
    }

    [Fact]
    public void Require_MoreClassesThanCanBeToldApart_IsRefused()
    {
        using DataSetBuilder builder = new(Spec, "rows");
        for (int row = 0; row < 2002; row++)
        {
            builder.Add([(float)row, row % 2 == 0 ? "x" : "y", -row * 0.5f], $"{row % 1001}");
        }

        Refused(TrainingFault.TooManyClasses, builder.Build(), Spec);
    }

    [Fact]
    public void Require_MoreClassesThanRows_IsRefused()
    {
        Dictionary<string, IReadOnlyList<string>> groups = Enumerable.Range(0, 9).ToDictionary(i => $"{i}", i => (IReadOnlyList<string>)[$"{i}"]);
        ModelSpec spec = Spec with { Label = new LabelSpec { Groups = groups } };
        using DataSetBuilder builder = new(spec, "rows");
        foreach (int row in new[] { 0, 1, 2, 3 })
        {
            builder.Add([(float)row, row % 2 == 0 ? "x" : "y", (float)row], $"{row % 2}");
        }

        Refused(TrainingFault.TooFewClasses, builder.Build(), spec);
    }

    // Rows take the labels a and b in turn.
    private static DataSet Set(params object?[][] rows)
    {
        using DataSetBuilder builder = new(Spec, "rows");
        for (int i = 0; i < rows.Length; i++)
        {
            builder.Add([.. rows[i].Select(v => v is int number ? (float)number : v)], i % 2 == 0 ? "a" : "b");
        }

        return builder.Build();
    }

    private static void Refused(TrainingFault fault, DataSet set, ModelSpec spec) =>
        Assert.Equal(fault, Assert.Throws<TrainingException>(() => DataChecks.Require(set, spec)).Fault);
}
