using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Data.Features;

/// <summary>Turns the texts of one column into codes: the most frequent text of training is 0, ties go by ordinal order.
/// Ordered by frequency, one threshold can part the common from the rare. With target statistics, the numbers of the text take the place of
/// its code.</summary>
public sealed class CategoryEncoder
{
    private readonly Dictionary<string, int> _codes;

    private CategoryEncoder(string[] categories)
    {
        Categories = categories;
        _codes = new Dictionary<string, int>(categories.Length, StringComparer.Ordinal);
        for (int code = 0; code < categories.Length; code++)
        {
            _codes.Add(categories[code], code);
        }
    }

    /// <summary>The texts of training in code order.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>By code; null where texts become codes.</summary>
    internal ITextStatistics? Statistics { get; init; }

    /// <summary>The columns that the texts become.</summary>
    internal int Width => Statistics?.Columns ?? 1;

    public static CategoryEncoder Fit(CategoryColumn training)
    {
        long[] rows = new long[training.Categories.Length];
        foreach (int code in training.Codes)
        {
            if (code >= 0)
            {
                rows[code]++;
            }
        }

        return Fit(training.Categories, rows);
    }

    /// <param name="rows">Per text, its training rows; a text without any gets no code.</param>
    public static CategoryEncoder Fit(string[] texts, long[] rows) => new(
        [.. Enumerable.Range(0, texts.Length)
            .Where(i => rows[i] > 0)
            .OrderByDescending(i => rows[i])
            .ThenBy(i => texts[i], StringComparer.Ordinal)
            .Select(i => texts[i])]);

    /// <summary>An encoder that training has made.</summary>
    /// <param name="categories">Its texts in code order, each once.</param>
    internal static CategoryEncoder FromCategories(IEnumerable<string> categories) => new([.. categories]);

    /// <summary>The code of a text; NaN for one that training never saw.</summary>
    public float Code(string text) => _codes.TryGetValue(text, out int code) ? code : float.NaN;

    /// <summary>The code of a text; -1 for one that training never saw.</summary>
    internal int FindCode(string text) => _codes.GetValueOrDefault(text, -1);

    /// <summary>The same codes, which stand for the statistics of the column's own labels.</summary>
    /// <param name="training">Rows of this process, which has all of them.</param>
    internal CategoryEncoder WithStatistics(CategoryColumn training, TargetValues values)
    {
        int[] codes = Codes(training);
        return new CategoryEncoder([.. Categories])
        {
            Statistics = TargetStatistics.Fit(codes, Categories.Count, values, firstRow: 0, SingleShard.Instance),
        };
    }

    /// <summary>The texts in rows that are not of the benign class, with the number of these rows.</summary>
    internal static CategoryEncoder FitCounts(CategoryColumn training, int[] labels, int benign)
    {
        long[] rows = new long[training.Categories.Length];
        for (int row = 0; row < labels.Length; row++)
        {
            if (training.Codes[row] >= 0 && labels[row] != benign)
            {
                rows[training.Codes[row]]++;
            }
        }

        CategoryEncoder texts = Fit(training.Categories, rows);
        return new CategoryEncoder([.. texts.Categories])
        {
            Statistics = CountStatistics.Fit(texts.Codes(training), texts.Categories.Count, row => labels[row] != benign),
        };
    }

    /// <summary>The texts with the classes of their rows.</summary>
    /// <exception cref="TrainingException">A text stands in rows of two classes.</exception>
    internal static CategoryEncoder FitLookup(CategoryColumn column, DataSet training)
    {
        CategoryEncoder texts = Fit(column);
        return new CategoryEncoder([.. texts.Categories])
        {
            Statistics = LookupClasses.Fit(texts.Codes(column), texts.Categories, column.Name, training),
        };
    }

    internal CategoryEncoder WithStatistics(TargetStatistics statistics) => new([.. Categories]) { Statistics = statistics };

    /// <summary>A column's rows as numbers; NaN for a missing value and for a text that training never saw.</summary>
    /// <returns>One array per column that the texts become.</returns>
    public float[][] Encode(CategoryColumn column) => Encode(column, Statistics is { } statistics
        ? (output, code, _) => statistics.Value(output, code)
        : (_, code, _) => code);

    /// <summary>The training rows that this was fitted to, from the first on: where there are statistics, those of the other folds.</summary>
    internal float[][] EncodeTraining(CategoryColumn column) => Statistics is { } statistics
        ? Encode(column, (output, code, row) => statistics.OutOfFold(output, code, TargetStatistics.FoldOf(row)))
        : Encode(column);

    /// <summary>Per column that the texts become, the value of each text in code order; null where its code is the value.</summary>
    internal IReadOnlyList<float[]>? ListStatistics() => Statistics is not { } statistics
        ? null
        : [.. Enumerable.Range(0, statistics.Columns)
            .Select(column => Enumerable.Range(0, Categories.Count).Select(code => statistics.Value(column, code)).ToArray())];

    private float[][] Encode(CategoryColumn column, Func<int, int, int, float> valueOf)
    {
        int[] codes = Codes(column);
        float[][] columns = new float[Width][];
        for (int output = 0; output < columns.Length; output++)
        {
            float[] values = columns[output] = new float[codes.Length];
            for (int row = 0; row < values.Length; row++)
            {
                values[row] = codes[row] < 0 ? float.NaN : valueOf(output, codes[row], row);
            }
        }

        return columns;
    }

    /// <summary>Per row the code of its text; -1 for a missing value and for a text that training never saw.</summary>
    private int[] Codes(CategoryColumn column)
    {
        int[] codeOf = Array.ConvertAll(column.Categories, FindCode);
        return Array.ConvertAll(column.Codes, code => code < 0 ? -1 : codeOf[code]);
    }
}
