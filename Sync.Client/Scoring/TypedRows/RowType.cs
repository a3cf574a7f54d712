using Shared.Contracts.Models;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>A type of rows that the node's developer gives to a model.</summary>
internal abstract class RowType(string model)
{
    public string Model => model;

    public abstract Type Type { get; }

    /// <summary>A <see cref="RowReader{TRow}"/> for a schema, or null.</summary>
    /// <param name="misfits">What does not fit, one line for each input.</param>
    public abstract object? Bind(ModelSchema schema, out IReadOnlyList<string> misfits);
}

internal sealed class RowType<TRow>(string model) : RowType(model)
{
    public override Type Type => typeof(TRow);

    public override object? Bind(ModelSchema schema, out IReadOnlyList<string> misfits) =>
        RowReader<TRow>.Compile(schema, out misfits);
}
