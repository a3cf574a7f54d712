using Shared.Contracts.Models;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>Reads the properties of a row into the inputs of one schema, by code that was compiled for both or that was generated for the
/// row type.</summary>
internal sealed class RowReader<TRow>
{
    private readonly CompiledRead<TRow>? _compiled;
    private readonly GeneratedRead<TRow>? _generated;
    private readonly int[] _positions = [];

    public RowReader(CompiledRead<TRow> compiled, ModelSchema schema)
        : this(schema) => _compiled = compiled;

    /// <param name="positions">The property of each input.</param>
    public RowReader(GeneratedRead<TRow> generated, int[] positions, ModelSchema schema)
        : this(schema) => (_generated, _positions) = (generated, positions);

    private RowReader(ModelSchema schema)
    {
        Numbers = schema.Inputs.Count(c => c.Type == ColumnType.Number);
        Categories = schema.Inputs.Count - Numbers;
    }

    /// <summary>Number inputs of a row.</summary>
    public int Numbers { get; }

    /// <summary>Category inputs of a row.</summary>
    public int Categories { get; }

    /// <summary>Writes one row into the buffer.</summary>
    /// <param name="index">The position of the row in the buffer.</param>
    public void Read(TRow row, RowBuffer buffer, int index)
    {
        if (_generated is { } generated)
        {
            generated(row, _positions, buffer.Numbers.AsSpan(index * Numbers, Numbers), buffer.Categories.AsSpan(index * Categories, Categories));
        }
        else
        {
            _compiled!(row, buffer.Numbers, index * Numbers, buffer.Categories, index * Categories);
        }
    }
}
