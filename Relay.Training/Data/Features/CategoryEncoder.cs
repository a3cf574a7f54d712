using Relay.Training.Data.Tables;

namespace Relay.Training.Data.Features;

/// <summary>Turns the texts of one column into codes: the most frequent text of training is 0, ties go by ordinal order.
/// Ordered by frequency, one threshold can part the common from the rare.</summary>
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

    /// <summary>The code of a text; NaN for one that training never saw.</summary>
    public float Code(string text) => _codes.TryGetValue(text, out int code) ? code : float.NaN;

    /// <summary>Codes of a column's rows; NaN for a missing value and for a text that training never saw.</summary>
    public float[] Encode(CategoryColumn column)
    {
        float[] codeOf = new float[column.Categories.Length];
        for (int i = 0; i < codeOf.Length; i++)
        {
            codeOf[i] = Code(column.Categories[i]);
        }

        float[] values = new float[column.Codes.Length];
        for (int row = 0; row < values.Length; row++)
        {
            int code = column.Codes[row];
            values[row] = code < 0 ? float.NaN : codeOf[code];
        }

        return values;
    }
}
