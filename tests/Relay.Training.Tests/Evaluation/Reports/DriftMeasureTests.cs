using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Evaluation.Reports;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Evaluation.Reports;

public sealed class DriftMeasureTests
{
    [Fact]
    public void Index_ByHand()
    {
        double p = 30.5 / 101;
        double q = 60.5 / 101;
        double expected = ((q - p) * Math.Log(q / p)) + ((1 - q - (1 - p)) * Math.Log((1 - q) / (1 - p)));

        Assert.Equal(expected, DriftMeasure.Index([30, 70], [60, 40]), 12);
        Assert.Equal(0, DriftMeasure.Index([30, 70], [30, 70]));
    }

    [Fact]
    public void Compare_NumbersOfOnePopulation_AreSmallAndShiftedOnesLarge()
    {
        float[] train = [.. Enumerable.Range(0, 2000).Select(i => i % 997 * 1f)];
        float[] same = [.. Enumerable.Range(0, 1000).Select(i => i * 7 % 997 * 1f)];
        float[] shifted = [.. same.Select(v => v + 400)];

        ColumnReport[] reports = [.. Compare([("same", train, same), ("shifted", train, shifted)])];

        Assert.InRange(reports[0].Drift!.Value, 0, 0.05);
        Assert.InRange(reports[1].Drift!.Value, 0.25, 20);
        Assert.Equal(10, reports[0].Bins!.Count);
        Assert.All(reports[0].Bins!, bin => Assert.InRange(bin.Train, 190, 210));
        Assert.Equal(1000, reports[1].Bins!.Sum(b => b.HeldOut));
        Assert.Equal((0f, 996f), (reports[0].Train!.Min!.Value, reports[0].Train!.Max!.Value));
        Assert.Equal(997, reports[0].Train!.Distinct);
        Assert.InRange(reports[0].Train!.Median!.Value, 480, 515);
    }

    [Fact]
    public void Compare_MissingValues_AreAPartOfTheIndex()
    {
        float[] train = [.. Enumerable.Range(0, 100).Select(i => i % 4 * 1f)];

        ColumnReport report = Compare([("x", train, [.. train.Select((v, i) => i % 2 == 0 ? float.NaN : v)])]).Single();

        Assert.Equal((0L, 50L), (report.Train!.Missing, report.HeldOut.Missing));
        Assert.InRange(report.Drift!.Value, 0.5, 10);
    }

    [Fact]
    public void Compare_Texts_CountsThoseThatTrainingNeverSawAmongTheOthers()
    {
        CategoryColumn train = new("proto", [0, 0, 1, -1], ["tcp", "udp"]);
        DataSet heldOut = Set([new CategoryColumn("proto", [0, 0, 1, 1], ["icmp", "tcp"])], 4);

        ColumnReport report = DriftMeasure.Compare(heldOut, [ColumnProfile.Create(train)], [new FeatureEncoding("proto", ["tcp", "udp"])]).Single();

        Assert.Equal(["tcp", "udp", null], report.Bins!.Select(b => b.Text));
        Assert.Equal([(2L, 2L), (1L, 0L), (0L, 2L)], report.Bins!.Select(b => (b.Train, b.HeldOut)));
        Assert.Equal((1L, 0L), (report.Train!.Missing, report.HeldOut.Missing));
        Assert.Equal(2, report.Unseen);
    }

    [Fact]
    public void Compare_ColumnWithoutAValueOrWithOne_IsNoError()
    {
        ColumnReport[] reports =
        [
            .. Compare([("empty", [float.NaN, float.NaN], [float.NaN, float.NaN]), ("constant", [5, 5], [5, 6])]),
        ];

        Assert.Equal(0, reports[0].Drift!.Value, 12);
        Assert.Equal((null, 0L), (reports[0].Train!.Median, reports[0].Train!.Distinct));
        Assert.Equal(2, reports[1].Bins!.Sum(b => b.HeldOut));
    }

    [Fact]
    public void Compare_NoTrainingRows_HasNoIndex()
    {
        ColumnReport report = DriftMeasure.Compare(Set([new NumberColumn("x", [1, 2])], 2), [], [new FeatureEncoding("x", null)]).Single();

        Assert.Null(report.Drift);
        Assert.Null(report.Train);
        Assert.Equal(2f, report.HeldOut.Max);
    }

    [Fact]
    public void Compare_ManyColumns_KeepsThoseThatDriftMost()
    {
        float[] train = [.. Enumerable.Range(0, 100).Select(i => i * 1f)];
        (string, float[], float[])[] columns = [.. Enumerable.Range(0, 120).Select(c => ($"c{c}", train, c == 77 ? [.. train.Select(v => v + 90)] : train))];

        ColumnReport[] reports = [.. Compare(columns)];

        Assert.Equal(DriftMeasure.MaxColumns, reports.Length);
        Assert.Contains(reports, r => r.Name == "c77");
    }

    private static IReadOnlyList<ColumnReport> Compare(IReadOnlyList<(string Name, float[] Train, float[] HeldOut)> columns) => DriftMeasure.Compare(
        Set([.. columns.Select(c => new NumberColumn(c.Name, c.HeldOut))], columns[0].HeldOut.Length),
        [.. columns.Select(c => ColumnProfile.Create(new NumberColumn(c.Name, c.Train)))], [.. columns.Select(c => new FeatureEncoding(c.Name, null))]);

    private static DataSet Set(IReadOnlyList<DataColumn> columns, int rows) =>
        new(columns, new int[rows], [], new DataSummary("rows", "00", rows, new Dictionary<string, long>()));
}
