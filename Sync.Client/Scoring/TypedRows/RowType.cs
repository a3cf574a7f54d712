using Shared.Contracts.Models;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>A row type that the application registers for a model.</summary>
internal abstract class RowType(string model)
{
    public string Model => model;

    public abstract Type Type { get; }

    /// <summary>A <see cref="RowReader{TRow}"/> for a schema, or null.</summary>
    /// <param name="errors">What does not match, one line for each input.</param>
    public abstract object? Bind(ModelSchema schema, out IReadOnlyList<string> errors);
}

internal sealed class RowType<TRow>(string model) : RowType(model)
{
    public override Type Type => typeof(TRow);

    public override object? Bind(ModelSchema schema, out IReadOnlyList<string> errors) =>
        RowReader<TRow>.Compile(schema, out errors);
}
