using Shared.Contracts.Http;
using Shared.Contracts.Models;

namespace ProtectedSite.Scoring;

/// <summary>Which of the 29 features a model reads, in its order.</summary>
internal sealed class RowMap
{
    private readonly int[] _sources;

    private RowMap(ModelSchema schema, int[] sources) => (Schema, _sources) = (schema, sources);

    public ModelSchema Schema { get; }

    /// <summary>The map, or null for a model that does not read HTTP features.</summary>
    public static RowMap? Create(ModelSchema schema)
    {
        int[] sources = [.. schema.Inputs.Select(i => i.Type is ColumnType.Number ? IndexOf(i.Name) : -1)];
        return sources.Contains(-1) ? null : new RowMap(schema, sources);
    }

    public float[] Row(ReadOnlySpan<float> features)
    {
        float[] row = new float[_sources.Length];
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = features[_sources[i]];
        }

        return row;
    }

    private static int IndexOf(string name)
    {
        for (int i = 0; i < HttpFeatureSchema.Names.Count; i++)
        {
            if (HttpFeatureSchema.Names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
