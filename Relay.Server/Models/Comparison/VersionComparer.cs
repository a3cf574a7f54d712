using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Models.Comparison;

/// <summary>Compares two versions of a model by their cards. Pure.</summary>
internal static class VersionComparer
{
    private const int MaximumClasses = 100;
    private const int MaximumInputs = 10;

    public static VersionComparison Compare(ModelCard version, ModelCard with)
    {
        IReadOnlyList<string> obstacles = TestComparability.FindObstacles(version, with);
        bool isComparable = obstacles.Count == 0;
        IReadOnlyList<ClassComparison> classes = CompareClasses(version.Metrics, with.Metrics, isComparable);
        return new VersionComparison
        {
            Model = version.Name,
            Version = version.Version,
            With = with.Version,
            NotComparable = obstacles,
            Figures = [.. NumberPairs.Join(FiguresOf(version), FiguresOf(with), isComparable)],
            Classes = [.. classes.Take(MaximumClasses)],
            ClassesLeftOut = Math.Max(classes.Count - MaximumClasses, 0),
            Sizes =
            [
                NumberPairs.Create("sizeBytes", version.SizeBytes, with.SizeBytes),
                NumberPairs.Create("treeCount", version.TreeCount, with.TreeCount),
                NumberPairs.Create("nodeCount", version.NodeCount, with.NodeCount),
            ],
            Train = CompareData(version.Train, with.Train),
            Test = CompareData(version.Test, with.Test),
            Columns = CompareColumns(version.Spec.Columns, with.Spec.Columns),
            SchemaDifferences = SchemaComparison.FindDifferences(with.Schema, version.Schema),
            Settings = SettingsComparer.Compare(version, with),
            Importance = version.Importance is { } first && with.Importance is { } second
                ? NumberPairs.Largest(NumberPairs.Join(SharesOf(first), SharesOf(second)), MaximumInputs)
                : [],
            Gates = CompareGates(version.Gates ?? [], with.Gates ?? []),
        };
    }

    private static IEnumerable<(string, double)> FiguresOf(ModelCard card) => card.Metrics.Figures.Select(figure => (figure.Name, figure.Value));

    private static IEnumerable<(string, double)> SharesOf(IEnumerable<FeatureImportance> inputs) => inputs.Select(input => (input.Name, input.Share));

    private static IReadOnlyList<ClassComparison> CompareClasses(ModelMetrics version, ModelMetrics with, bool isComparable)
    {
        IReadOnlyList<ClassMetrics> first = version is ClassificationMetrics { Classes: var own } ? own : [];
        IReadOnlyList<ClassMetrics> second = with is ClassificationMetrics { Classes: var other } ? other : [];
        IEnumerable<ClassComparison> classes = NumberPairs.Join(RecallsOf(first), RecallsOf(second), isComparable).Zip(
            NumberPairs.Join(PrecisionsOf(first), PrecisionsOf(second), isComparable),
            (recall, precision) => new ClassComparison(recall.Name, recall, precision));
        return [.. classes.OrderByDescending(c => Math.Max(Math.Abs(c.Recall.Difference ?? 0), Math.Abs(c.Precision.Difference ?? 0)))];
    }

    private static IEnumerable<(string, double)> RecallsOf(IEnumerable<ClassMetrics> classes) => classes.Select(c => (c.Name, c.Recall));

    private static IEnumerable<(string, double)> PrecisionsOf(IEnumerable<ClassMetrics> classes) => classes.Select(c => (c.Name, c.Precision));

    private static DataComparison CompareData(DataSummary version, DataSummary with) => new(
        version.Sha256 == with.Sha256 && version.Rows == with.Rows, FactsOf(version), FactsOf(with))
    {
        ClassRows = NumberPairs.Largest(NumberPairs.Join(RowsOf(version), RowsOf(with)), MaximumClasses),
    };

    private static DataFacts FactsOf(DataSummary data) => new(data.Source, data.Sha256, data.Rows);

    private static IEnumerable<(string, double)> RowsOf(DataSummary data) => data.ClassRows.Select(rows => (rows.Key, (double)rows.Value));

    private static IReadOnlyList<ColumnComparison> CompareColumns(IReadOnlyList<ColumnSpec> version, IReadOnlyList<ColumnSpec> with) =>
    [
        .. version.Select(column => column.Name).Union(with.Select(column => column.Name), StringComparer.Ordinal)
            .Select(name => new ColumnComparison(
                name, version.FirstOrDefault(column => column.Name == name), with.FirstOrDefault(column => column.Name == name)))
            .Where(column => column.Version != column.With),
    ];

    private static IReadOnlyList<GateComparison> CompareGates(IReadOnlyList<GateResult> version, IReadOnlyList<GateResult> with) =>
    [
        .. from name in version.Select(gate => gate.Name).Union(with.Select(gate => gate.Name), StringComparer.Ordinal)
           let first = version.FirstOrDefault(gate => gate.Name == name)
           let second = with.FirstOrDefault(gate => gate.Name == name)
           where first?.Verdict != second?.Verdict
           select new GateComparison(name, first?.Verdict, second?.Verdict, first?.Detail, second?.Detail),
    ];
}
