using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Packaging;

/// <summary>Collects rows cell by cell into columns that <see cref="Export.OnnxSession"/> takes.</summary>
internal sealed class GoldenRowBuilder(IReadOnlyList<FeatureEncoding> encodings)
{
    private readonly List<float>[] _numbers = [.. encodings.Select(_ => new List<float>())];
    private readonly List<string>[] _texts = [.. encodings.Select(_ => new List<string>())];

    public int Count { get; private set; }

    public IReadOnlyList<FeatureEncoding> Encodings => encodings;

    /// <summary>Adds a row; each column is read once.</summary>
    /// <param name="number">The number of the feature with this index; NaN is a missing value.</param>
    /// <param name="text">The text of the feature with this index; empty is a missing value.</param>
    public void Add(Func<int, float> number, Func<int, string> text)
    {
        for (int i = 0; i < encodings.Count; i++)
        {
            if (encodings[i].Categories is null)
            {
                _numbers[i].Add(number(i));
            }
            else
            {
                _texts[i].Add(text(i));
            }
        }

        Count++;
    }

    public void AddCopy(IReadOnlyList<DataColumn> columns, int row) => Add(i => NumberAt(columns[i], row), i => TextAt(columns[i], row));

    public IReadOnlyList<DataColumn> Build() =>
        [.. encodings.Select((e, i) => e.Categories is null ? (DataColumn)new NumberColumn(e.Name, [.. _numbers[i]]) : Category(e.Name, _texts[i]))];

    /// <summary>Converts the rows of golden vectors to columns.</summary>
    public static IReadOnlyList<DataColumn> Columns(GoldenVectors golden, ModelSchema schema)
    {
        List<DataColumn> columns = [];
        int numbers = 0;
        int categories = 0;
        foreach (ColumnSpec input in schema.Inputs)
        {
            int index = input.Type is ColumnType.Number ? numbers++ : categories++;
            columns.Add(input.Type is ColumnType.Number
                ? new NumberColumn(input.Name, [.. golden.Numbers.Select(row => row[index] ?? float.NaN)])
                : Category(input.Name, [.. golden.Categories.Select(row => row[index])]));
        }

        return columns;
    }

    public static float NumberAt(DataColumn column, int row) => ((NumberColumn)column).Values[row];

    public static string TextAt(DataColumn column, int row)
    {
        CategoryColumn category = (CategoryColumn)column;
        return category.Codes[row] < 0 ? "" : category.Categories[category.Codes[row]];
    }

    private static CategoryColumn Category(string name, List<string> texts)
    {
        string[] distinct = [.. texts.Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)];
        Dictionary<string, int> codes = distinct.Select((text, i) => (text, i)).ToDictionary(t => t.text, t => t.i, StringComparer.Ordinal);
        return new CategoryColumn(name, [.. texts.Select(t => codes.GetValueOrDefault(t, -1))], distinct);
    }
}
