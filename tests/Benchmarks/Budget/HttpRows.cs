using System.Globalization;
using Benchmarks.Quality;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;
using Shared.Contracts.Models;

namespace Benchmarks.Budget;

/// <summary>HTTP parameters as rows of a training run: a fold is held out.</summary>
internal static class HttpRows
{
    public static (ModelSpec Spec, DataSet Train, DataSet Test) Create(QualitySet set)
    {
        ModelSpec spec = new()
        {
            Name = "http-params",
            Task = ModelTask.Classification,
            Algorithm = ModelAlgorithm.RandomForest,
            Columns = [.. set.Columns.Select((_, c) => new ColumnSpec(NameOf(c), ColumnType.Number)), new("label", ColumnType.Label)],
        };
        return (spec, ToRows(set.TrainingRows(0)), ToRows(set.TestRows(0)));
    }

    private static DataSet ToRows(TrainingSet set)
    {
        string[] classes = [.. Enumerable.Range(0, set.ClassCount).Select(c => c.ToString(CultureInfo.InvariantCulture))];
        Dictionary<string, long> classRows = classes.Index().ToDictionary(c => c.Item, c => set.Labels.LongCount(label => label == c.Index));
        return new DataSet(
            [.. set.Columns.Select((values, c) => new NumberColumn(NameOf(c), values))], set.Labels, classes,
            new DataSummary("http-params", "", set.RowCount, classRows));
    }

    private static string NameOf(int column) => $"column-{column}";
}
