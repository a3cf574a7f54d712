namespace Relay.Training.Importing.Proof;

/// <summary>Turns rows of a schema into rows of a source and back: by the order of the columns, and of texts to the codes that the source's own list
/// gives them.</summary>
internal sealed class SourceRows
{
    private readonly int[] _bound;
    private readonly SchemaRows _schemaRows;
    private readonly Dictionary<string, int>?[] _codes;

    // Per feature that has texts and per code, the place among the texts of the schema.
    private readonly float[]?[] _places;

    /// <param name="bound">Per feature of the source, the column of the schema.</param>
    /// <param name="texts">Per feature, the source's own texts in the order of codes; null for a number.</param>
    /// <param name="known">Per feature, the number of codes that its trees know.</param>
    /// <param name="each">How many codes are tried at each split.</param>
    public SourceRows(
        int[] bound, SchemaRows schemaRows, IReadOnlyList<IReadOnlyList<string>?> texts, IReadOnlyList<int> known, int each, RowText text)
    {
        (_bound, _schemaRows, Text) = (bound, schemaRows, text);
        _codes = [.. texts.Select(list => list?.Index().ToDictionary(t => t.Item, t => t.Index, StringComparer.Ordinal))];
        _places = [.. texts.Select((list, feature) => list is null ? null : Places(list, schemaRows, bound[feature]))];
        Categories = [.. texts.Select((list, feature) => new FeatureCategories(list?.Count ?? known[feature], list is not null, each))];
    }

    /// <summary>Per feature of the source.</summary>
    public IReadOnlyList<FeatureCategories> Categories { get; }

    /// <summary>Shows rows of the source.</summary>
    public RowText Text { get; }

    public float[] ToSource(float[] row)
    {
        float[] own = new float[_bound.Length];
        for (int feature = 0; feature < own.Length; feature++)
        {
            float value = row[_bound[feature]];
            own[feature] = _codes[feature] is not { } codes ? value
                : codes.TryGetValue(_schemaRows.Text(_bound[feature], value), out int code) ? code
                : float.NaN;
        }

        return own;
    }

    public float[] FromSource(float[] row)
    {
        float[] ours = new float[row.Length];
        for (int feature = 0; feature < row.Length; feature++)
        {
            float value = row[feature];
            ours[_bound[feature]] = _places[feature] is { } places && !float.IsNaN(value) ? places[(int)value] : value;
        }

        return ours;
    }

    /// <summary>Per column of the schema that has categories, values of its rows: what is none, then every one.</summary>
    public IEnumerable<(int Column, IEnumerable<float> Values)> ListCategories()
    {
        for (int feature = 0; feature < _bound.Length; feature++)
        {
            if (_places[feature] is { } places)
            {
                IEnumerable<float> listed = Enumerable.Range(0, places.Length).Select(place => (float)place);
                yield return (_bound[feature], listed.Prepend(places.Length).Prepend(float.NaN));
            }
            else if (Categories[feature].Known > 0)
            {
                yield return (_bound[feature], Categories[feature].All());
            }
        }
    }

    private static float[] Places(IReadOnlyList<string> texts, SchemaRows schemaRows, int column)
    {
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        for (int place = 0; place < texts.Count; place++)
        {
            places.TryAdd(schemaRows.Text(column, place), place);
        }

        return [.. texts.Select(text => (float)places.GetValueOrDefault(text, texts.Count))];
    }
}
