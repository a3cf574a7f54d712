using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Shared.Scoring;

namespace Relay.Training.Importing.Proof;

/// <summary>Rows in the order of a schema's inputs as numbers: of a category the place of its text among those that the model knows, NaN for none,
/// and any other number for a text that it does not know.</summary>
/// <param name="encodings">Per input.</param>
internal sealed class SchemaRows(IReadOnlyList<FeatureEncoding> encodings)
{
    private readonly string[]?[] _texts = [.. encodings.Select(e => e.Categories is { } known ? (string[])[.. known, Unknown(known)] : null)];
    private readonly RowText _names = new([.. encodings.Select(e => e.Name)]);

    /// <summary>Per input the values of all rows.</summary>
    public float[][] Read(DataSet set) => [.. set.Columns.Select((column, c) => column switch
    {
        NumberColumn number => number.Values,
        CategoryColumn category => Read(category, _texts[c]!),
        _ => throw new ArgumentException($"A column of type {column.GetType().Name} has no numbers.", nameof(set)),
    })];

    public DataColumn[] ToColumns(float[][] rows) =>
    [
        .. encodings.Select((encoding, c) => _texts[c] is { } texts
            ? (DataColumn)new CategoryColumn(encoding.Name, Array.ConvertAll(rows, row => CodeOf(row[c], texts)), texts)
            : new NumberColumn(encoding.Name, Array.ConvertAll(rows, row => row[c]))),
    ];

    /// <summary>The text of a category; empty where there is none.</summary>
    public string Text(int column, float value) => CodeOf(value, _texts[column]!) is >= 0 and var code ? _texts[column]![code] : "";

    public bool IsText(int column) => _texts[column] is not null;

    public void Score(ManagedScorer scorer, float[] row, Span<float> answer) => scorer.Score(
        [.. row.Where((_, c) => _texts[c] is null)], [.. Enumerable.Range(0, row.Length).Where(IsText).Select(c => Text(c, row[c]))], 1, answer);

    public string Describe(ReadOnlySpan<float> row)
    {
        float[] values = row.ToArray();
        return _names.Describe(row, c => IsText(c) ? $"'{Text(c, values[c])}'" : null);
    }

    private static float[] Read(CategoryColumn column, string[] texts)
    {
        Dictionary<string, int> places = texts.Index().SkipLast(1).ToDictionary(t => t.Item, t => t.Index, StringComparer.Ordinal);
        float[] values = [.. column.Categories.Select(text => (float)places.GetValueOrDefault(text, texts.Length - 1))];
        return Array.ConvertAll(column.Codes, code => code < 0 ? float.NaN : values[code]);
    }

    private static int CodeOf(float value, string[] texts) => float.IsNaN(value) ? -1
        : value >= 0 && value < texts.Length && value == MathF.Floor(value) ? (int)value
        : texts.Length - 1;

    private static string Unknown(IReadOnlyList<string> known)
    {
        HashSet<string> texts = [.. known];
        string text = "unseen";
        while (texts.Contains(text))
        {
            text += "-";
        }

        return text;
    }
}
