using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data.Reading;

public sealed class DataSetBuilderTests
{
    private static readonly ModelSpec Numbers = CsvFolder.Spec with
    {
        Columns = [new ColumnSpec("a", ColumnType.Number), new ColumnSpec("b", ColumnType.Number), new ColumnSpec("l", ColumnType.Label)],
        Label = new LabelSpec(),
    };

    [Fact]
    public void Build_SameRows_GivesTheSameDigest() => Assert.Equal(Digest(1, "x"), Digest(1, "x"));

    [Fact]
    public void Build_OtherValueOrLabel_GivesAnotherDigest()
    {
        Assert.NotEqual(Digest(1, "x"), Digest(2, "x"));
        Assert.NotEqual(Digest(1, "x"), Digest(1, "y"));
    }

    [Fact]
    public void Build_WithClassesOfTraining_KeepsTheirOrder()
    {
        using DataSetBuilder builder = new(Numbers, "rows");
        builder.Add([1, 2], "y");

        DataSet set = builder.Build(["x", "y", "z"]);

        Assert.Equal([1], set.Labels);
        Assert.Equal(0, set.Summary.ClassRows["z"]);
    }

    [Fact]
    public void Add_Infinity_IsRefused()
    {
        using DataSetBuilder builder = new(Numbers, "rows");

        TrainingException refused = Assert.Throws<TrainingException>(() => builder.Add([1, float.PositiveInfinity], "x"));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
    }

    [Fact]
    public void Add_NaNInARequiredColumn_IsRefused()
    {
        using DataSetBuilder builder = new(Numbers with { Columns = [.. Numbers.Columns.Select(c => c with { Required = c.Name == "b" })] }, "rows");

        builder.Add([float.NaN, 1], "x");
        TrainingException refused = Assert.Throws<TrainingException>(() => builder.Add([1, float.NaN], "x"));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
    }

    [Fact]
    public void Add_TextForNumber_IsRefused()
    {
        using DataSetBuilder builder = new(Numbers, "rows");

        TrainingException refused = Assert.Throws<TrainingException>(() => builder.Add([1f, "two"], "x"));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
    }

    [Fact]
    public void Add_CategoryOrLabelThatIsNoText_IsRefusedWithItsColumn()
    {
        // Not in an attribute, which is stored as UTF-8 and so cannot hold half of a surrogate pair.
        foreach (string text in (string[])["\ud800", "tcp\udc00", "tcp\0"])
        {
            using DataSetBuilder builder = new(CsvFolder.Spec, "rows");

            TrainingException category = Assert.Throws<TrainingException>(() => builder.Add([1f, text, 2f], "good"));
            TrainingException label = Assert.Throws<TrainingException>(() => builder.Add([1f, "tcp", 2f], text));

            Assert.Equal((TrainingFault.InvalidData, TrainingFault.InvalidData), (category.Fault, label.Fault));
            Assert.Contains("'kind'", category.Message, StringComparison.Ordinal);
            Assert.Contains("'verdict'", label.Message, StringComparison.Ordinal);
        }
    }

    private static string Digest(float value, string label)
    {
        using DataSetBuilder builder = new(Numbers, "rows");
        builder.Add([value, float.NaN], label);
        return builder.Build().Summary.Sha256;
    }
}
