using System.Globalization;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;
using Shared.Contracts.Models;

namespace Benchmarks.Quality;

/// <summary>Encodes a set whose first column is a category as a training run would.</summary>
internal static class CategoryCodes
{
    public static (TrainingSet Train, TrainingSet Test) Encode(TrainingSet train, TrainingSet test)
    {
        ModelSpec spec = new()
        {
            Name = "quality",
            Task = ModelTask.Classification,
            Algorithm = ModelAlgorithm.GradientBoosting,
            Columns = [.. train.Columns.Select((_, c) => new ColumnSpec(NameOf(c), c == 0 ? ColumnType.Category : ColumnType.Number)), new("label", ColumnType.Label)],
        };
        string[] texts = [.. Enumerable.Range(0, 1 + (int)train.Columns[0].Concat(test.Columns[0]).Max()).Select(code => $"text {code}")];
        FeatureEncoder encoder = FeatureEncoder.Fit(ToRows(train, texts), spec, out TrainingSet encoded);
        return (encoded, encoder.Encode(ToRows(test, texts)));
    }

    private static DataSet ToRows(TrainingSet set, string[] texts)
    {
        string[] classes = [.. Enumerable.Range(0, set.ClassCount).Select(c => c.ToString(CultureInfo.InvariantCulture))];
        DataColumn[] columns =
        [
            new CategoryColumn(NameOf(0), Array.ConvertAll(set.Columns[0], code => (int)code), texts),
            .. set.Columns.Skip(1).Select((values, c) => new NumberColumn(NameOf(c + 1), values)),
        ];
        Dictionary<string, long> classRows = classes.Index().ToDictionary(c => c.Item, c => set.Labels.LongCount(label => label == c.Index));
        return new DataSet(columns, set.Labels, classes, new DataSummary("quality", "", set.RowCount, classRows));
    }

    private static string NameOf(int column) => $"column-{column}";
}
