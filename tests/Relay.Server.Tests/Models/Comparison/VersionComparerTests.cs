using Relay.Server.Models.Comparison;
using Relay.Server.Tests.Cards;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Models.Comparison;

public sealed class VersionComparerTests
{
    private static readonly ModelCard Second = TestCards.Classifier("x");
    private static readonly ClassificationMetrics Metrics = (ClassificationMetrics)Second.Metrics;
    private static readonly ModelCard First = Second with { Version = 1 };

    [Fact]
    public void Compare_SameModelTwice_HasNoDifference()
    {
        VersionComparison same = VersionComparer.Compare(Second, First);

        Assert.Equal(("traffic", 2, 1), (same.Model, same.Version, same.With));
        Assert.Empty(same.NotComparable);
        Assert.All(same.Figures.Concat(same.Sizes).Concat(same.Classes.Select(c => c.Recall)), pair => Assert.Equal(0, pair.Difference));
        Assert.True(same.Train.Same && same.Test.Same);
        Assert.Equal((0, 0, 0), (same.Columns.Count, same.SchemaDifferences.Count, same.Settings.Count));
        Assert.Equal((0, 0), (same.Importance.Count, same.Gates.Count));
    }

    [Fact]
    public void Compare_SameTestRows_HasFiguresFirstMinusSecond()
    {
        ModelCard worse = First with
        {
            Metrics = Metrics with
            {
                MacroF1 = 0.8,
                Classes = [Metrics.Classes[0] with { Recall = 0.7 }, Metrics.Classes[1], Metrics.Classes[2] with { Recall = 0.2 }],
            },
            SizeBytes = 4000,
        };

        VersionComparison found = VersionComparer.Compare(Second, worse);

        Assert.Equal(0.1, found.Figures.Single(figure => figure.Name == "macroF1").Difference!.Value, 12);
        Assert.Equal(1000, found.Sizes.Single(size => size.Name == "sizeBytes").Difference);
        Assert.Equal(["x2", "x0", "x1"], found.Classes.Select(c => c.Name));
        Assert.Equal(0.6, found.Classes[0].Recall.Difference!.Value, 12);
        Assert.Equal(0, found.Classes[0].Precision.Difference);
    }

    public static TheoryData<string, string> OtherTests => new()
    {
        { "digest", "different test rows, SHA-256 cccccccccccc and dddddddddddd" },
        { "rows", "measured on 30 and on 29 rows" },
        { "task", "tasks differ" },
        { "classes", "classes differ" },
        { "label", "labels are read from different columns" },
    };

    [Theory]
    [MemberData(nameof(OtherTests))]
    public void Compare_OtherQuestion_HasNoDifferencesOfFigures(string what, string expected)
    {
        ModelCard other = what switch
        {
            "digest" => First with { Test = First.Test with { Sha256 = new string('d', 64) } },
            "rows" => First with { Test = First.Test with { Rows = 29 } },
            "task" => First with { Schema = First.Schema with { Task = ModelTask.Regression } },
            "classes" => First with { Schema = First.Schema with { Classes = ["x0", "x1", "y"] } },
            _ => First with { Spec = First.Spec with { Columns = [.. First.Spec.Columns.SkipLast(1), new ColumnSpec("other", ColumnType.Label)] } },
        };

        VersionComparison found = VersionComparer.Compare(Second, other);

        Assert.Contains(expected, Assert.Single(found.NotComparable), StringComparison.Ordinal);
        Assert.All(found.Figures, figure => Assert.Equal((0d, null), (figure.Version - figure.With, figure.Difference)));
        Assert.All(found.Classes, c => Assert.Null(c.Recall.Difference ?? c.Precision.Difference));
    }

    [Fact]
    public void Compare_OrderOfClasses_IsStillTheSameQuestion() => Assert.Empty(
        VersionComparer.Compare(Second, First with { Schema = First.Schema with { Classes = ["x2", "x0", "x1"] } }).NotComparable);

    [Fact]
    public void Compare_OtherTrainingData_HasRowsDigestsAndClasses()
    {
        ModelCard other = First with
        {
            Train = new DataSummary("other.csv", new string('e', 64), 25, new Dictionary<string, long> { ["x0"] = 10, ["x1"] = 3, ["gone"] = 12 }),
        };

        DataComparison train = VersionComparer.Compare(Second, other).Train;

        Assert.False(train.Same);
        Assert.Equal((30, 25, "other.csv", new string('e', 64)), (train.Version.Rows, train.With.Rows, train.With.Source, train.With.Sha256));
        Assert.Equal([("gone", null, 12d), ("x2", 10, null), ("x1", 10, 3)], train.ClassRows.Select(rows => (rows.Name, rows.Version, rows.With)));
    }

    [Fact]
    public void Compare_OtherColumns_NamesAddedRemovedAndChanged()
    {
        ModelCard other = First with
        {
            Spec = First.Spec with
            {
                Columns = [new("x", ColumnType.Number) { Required = true }, new("old", ColumnType.Ignore), new("label", ColumnType.Label)],
            },
            Schema = First.Schema with { Inputs = [new("x", ColumnType.Number) { Required = true }] },
        };

        VersionComparison found = VersionComparer.Compare(Second, other);

        Assert.Equal(
            [("x", ColumnType.Number, ColumnType.Number), ("x2", ColumnType.Category, null), ("old", null, ColumnType.Ignore)],
            found.Columns.Select(column => (column.Name, column.Version?.Type, column.With?.Type)));
        Assert.Contains("input 'x2' is new", found.SchemaDifferences);
    }

    [Fact]
    public void Compare_OtherImportance_HasTheLargestTen()
    {
        ModelCard first = First with
        {
            Importance = [.. Enumerable.Range(1, 12).Select(i => new FeatureImportance($"c{i}", i / 100d)), new("both", 0.22)],
        };
        ModelCard second = Second with { Importance = [new("both", 0.22), new("c1", 0.11), new("c1", 0.1)] };

        IReadOnlyList<NumberComparison> found = VersionComparer.Compare(second, first).Importance;

        Assert.Equal(["c1", "c12", "c11", "c10", "c9", "c8", "c7", "c6", "c5", "c4"], found.Select(input => input.Name));
        Assert.Equal(0.2, found[0].Difference!.Value, 12);
        Assert.Equal((null, 0.12, null), (found[1].Version, found[1].With, found[1].Difference));
        Assert.Empty(VersionComparer.Compare(second, First with { Importance = null }).Importance);
    }

    [Fact]
    public void Compare_OtherVerdicts_NamesThoseGates()
    {
        ModelCard other = First with
        {
            Gates = [new("parity", GateVerdict.Warn, "looks odd"), .. First.Gates!.Skip(2), new("latency", GateVerdict.Pass, "fast")],
        };

        IReadOnlyList<GateComparison> found = VersionComparer.Compare(Second, other).Gates;

        Assert.Equal(
            [("parity", GateVerdict.Pass, GateVerdict.Warn), ("constant-columns", GateVerdict.Warn, null), ("latency", null, GateVerdict.Pass)],
            found.Select(gate => (gate.Name, gate.Version, gate.With)));
        Assert.Equal(("0 labels disagree", "looks odd"), (found[0].Detail, found[0].WithDetail));
    }

    [Fact]
    public void Compare_CardsOfEveryKind_IsNoFailure()
    {
        ModelCard[] cards =
        [
            Second, TestCards.Regression(), TestCards.Detector(hasLabels: true), TestCards.Detector(hasLabels: false), TestCards.Scaler(),
            TestCards.Imported(), TestCards.Old(), TestCards.Classifier("y", classes: 150),
        ];

        Assert.All(
            from first in cards
            from second in cards
            select VersionComparer.Compare(first, second),
            found => Assert.InRange(found.Classes.Count, 0, 100));
        Assert.Equal(50, VersionComparer.Compare(cards[^1], cards[^1]).ClassesLeftOut);
    }
}
