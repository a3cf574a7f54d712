using Relay.Server.Cli.Versions;
using Relay.Server.Models.Comparison;
using Relay.Server.Tests.Cards;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cli.Versions;

public sealed class ComparisonTextTests
{
    private static readonly ModelCard Second = TestCards.Classifier("x");

    [Fact]
    public void Lines_SameTestRows_AreTheFiguresSideBySide()
    {
        string[] lines = Lines(Second, Second with
        {
            Version = 1,
            Metrics = (ClassificationMetrics)Second.Metrics with { MacroF1 = 0.85 },
            SizeBytes = 12_345,
            Spec = Second.Spec with { Parameters = new() { Trees = 9 } },
        });

        Assert.Equal("traffic 2 compared with traffic 1", lines[0]);
        Assert.Contains("Test, on the same 30 rows", lines);
        Assert.Contains("macroF1 0.9000 0.8500 +0.0500", lines.Select(Cells));
        Assert.Contains("recall of x0 0.8000 0.8000 0.0000", lines.Select(Cells));
        Assert.Contains("sizeBytes 5,000 12,345 -7,345", lines.Select(Cells));
        Assert.Contains("parameters.trees not given 9", lines.Select(Cells));
        Assert.Single(lines.Skip(3).TakeWhile(line => line.Length > 0).Select(line => line.Length).Distinct());
        Assert.Equal(
            "The same, or not measured: training data, test data, columns, schema, importance, verdicts of gates", lines[^1]);
    }

    [Fact]
    public void Lines_OtherTestRows_SayThatFiguresAreNotComparable()
    {
        string[] lines = Lines(Second, Second with
        {
            Version = 1,
            Test = Second.Test with { Sha256 = new string('d', 64) },
            Gates = [new GateResult("parity", GateVerdict.Warn, "looks odd"), .. Second.Gates!.Skip(1)],
            Spec = Second.Spec with { Columns = [.. Second.Spec.Columns.Skip(1), new ColumnSpec("old", ColumnType.Number) { Required = true }] },
        });

        Assert.Contains("Test: NOT COMPARABLE, they were measured on different test rows, SHA-256 cccccccccccc and dddddddddddd", lines);
        Assert.Contains("macroF1 0.9000 0.9000 -", lines.Select(Cells));
        Assert.Contains("  version 1: 30 rows of x, SHA-256 dddddddddddd", lines);
        Assert.Contains("  x: number in version 2, missing in version 1", lines);
        Assert.Contains("  old: missing in version 2, required number in version 1", lines);
        Assert.Contains("    version 1: warns: looks odd", lines);
    }

    [Fact]
    public void Lines_NamesOfOthers_AreEscapedAndBounded()
    {
        string text = "\u001b[31mred\n" + new string('w', 500);

        string[] lines = Lines(TestCards.Classifier(text, classes: 50), TestCards.Regression());

        Assert.All(lines, line => Assert.DoesNotContain(line, c => char.IsControl(c)));
        Assert.Contains(lines, line => line.EndsWith("and 30 more classes", StringComparison.Ordinal));
        Assert.Contains("Schema: apps that were built for version 2 refuse version 2", lines);
        Assert.Contains(lines, line => line.EndsWith("more, which --json lists", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 150));
    }

    private static string Cells(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string[] Lines(ModelCard version, ModelCard with) => [.. ComparisonText.Lines(VersionComparer.Compare(version, with))];
}
