using Shared.Contracts.Models;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>A row type that generated code describes and reads.</summary>
internal sealed class GeneratedRowType<TRow>(string model) : RowType(model)
    where TRow : IRelayRow<TRow>
{
    public override Type Type => typeof(TRow);

    public override RowReader<TRow>? Bind(ModelSchema schema, out IReadOnlyList<string> errors) =>
        RowBinding.Find(TRow.Properties, schema, out errors) is { } positions ? new(TRow.Read, positions, schema) : null;
}
