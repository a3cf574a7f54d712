namespace Relay.Training.Data;

/// <summary>Turns the texts of one column into codes: the most frequent text of training is 0, ties go by ordinal order.
/// Ordered by frequency, one threshold can part the common from the rare.</summary>
public sealed class CategoryEncoder
{
    private readonly Dictionary<string, int> codes;

    private CategoryEncoder(string[] categories)
    {
        Categories = categories;
        codes = new Dictionary<string, int>(categories.Length, StringComparer.Ordinal);
        for (int code = 0; code < categories.Length; code++)
        {
            codes.Add(categories[code], code);
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

        return new CategoryEncoder(
            [.. Enumerable.Range(0, rows.Length)
                .Where(code => rows[code] > 0)
                .OrderByDescending(code => rows[code])
                .ThenBy(code => training.Categories[code], StringComparer.Ordinal)
                .Select(code => training.Categories[code])]);
    }

    /// <summary>Codes of a column's rows; NaN for a missing value and for a text that training never saw.</summary>
    public float[] Encode(CategoryColumn column)
    {
        float[] codeOf = new float[column.Categories.Length];
        for (int i = 0; i < codeOf.Length; i++)
        {
            codeOf[i] = codes.TryGetValue(column.Categories[i], out int code) ? code : float.NaN;
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
