using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Relay.Training.Models;
using Relay.Training.Packaging;
using Relay.Training.Tests.Export;
using Relay.Training.Tests.Models;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Packaging;

public sealed class GoldenRowsTests
{
    private const int Rows = 5000;
    private static readonly FeatureEncoding[] Encodings = [new("f0", null), new("proto", ["tcp", "unseen"])];

    // One rare class at the very end, one row with missing cells in the middle.
    private static readonly DataSet HeldOut = new(
        [
            new NumberColumn("f0", [.. Enumerable.Range(0, Rows).Select(i => i == 2500 ? float.NaN : i)]),
            new CategoryColumn("proto", [.. Enumerable.Range(0, Rows).Select(i => i == 2501 ? -1 : 0)], ["tcp"]),
        ],
        [.. Enumerable.Range(0, Rows).Select(i => i == Rows - 1 ? 1 : 0)], ["a", "b"], new DataSummary(
            "rows", "", Rows, new Dictionary<string, long>()));

    private static readonly TreeEnsemble Stump = OnnxGraphWriterTests.Stump(threshold: 40.5f, missingLeft: false) with { FeatureCount = 2 };

    [Fact]
    public void Choose_FewAndFixed()
    {
        (IReadOnlyList<DataColumn> columns, int rows) = Choose();

        Assert.InRange(rows, 32, 64);
        Assert.Equal(((NumberColumn)columns[0]).Values, ((NumberColumn)Choose().Columns[0]).Values);
    }

    [Fact]
    public void Choose_RareClassAndMissingCells_AreThere()
    {
        NumberColumn numbers = (NumberColumn)Choose().Columns[0];
        CategoryColumn texts = (CategoryColumn)Choose().Columns[1];

        Assert.Contains(Rows - 1f, numbers.Values);
        Assert.Contains(2501f, numbers.Values);
        Assert.Contains(Enumerable.Range(0, numbers.Values.Length), i => float.IsNaN(numbers.Values[i]) && texts.Codes[i] >= 0);
    }

    [Fact]
    public void Choose_Edges_AreThere()
    {
        NumberColumn numbers = (NumberColumn)Choose().Columns[0];
        CategoryColumn texts = (CategoryColumn)Choose().Columns[1];

        Assert.Contains(40.5f, numbers.Values);
        Assert.Contains(MathF.BitIncrement(40.5f), numbers.Values);
        Assert.Contains(float.MaxValue, numbers.Values);
        Assert.Contains(numbers.Values, v => v == 0 && float.IsNegative(v));
        Assert.Contains(Enumerable.Range(0, numbers.Values.Length), i => float.IsNaN(numbers.Values[i]) && texts.Codes[i] < 0);
        Assert.Contains("unseen-", texts.Categories);
    }

    private static (IReadOnlyList<DataColumn> Columns, int Rows) Choose()
    {
        Predictions predictions = new(2, new float[2 * Rows], new int[Rows]);
        return GoldenRows.Choose(HeldOut, predictions, TreeModel.Classifier(Stump, Encodings, ["a", "b"]));
    }
}
