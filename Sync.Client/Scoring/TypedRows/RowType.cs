using System.Diagnostics.CodeAnalysis;
using Shared.Contracts.Models;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>A row type that the application registers for a model.</summary>
internal abstract class RowType(string model)
{
    /// <summary>Why an app that is trimmed or compiled ahead of time is warned.</summary>
    public const string Why =
        "Rows of your own type are bound by reflection, and by code that is compiled at run time. In an app that is trimmed or published with "
            + "NativeAOT, call IRelayModel with spans.";

    public string Model => model;

    public abstract Type Type { get; }

    /// <summary>A <see cref="RowReader{TRow}"/> for a schema, or null.</summary>
    /// <param name="errors">What does not match, one line for each input.</param>
    public abstract object? Bind(ModelSchema schema, out IReadOnlyList<string> errors);
}

[RequiresUnreferencedCode(Why)]
[RequiresDynamicCode(Why)]
internal sealed class RowType<TRow>(string model) : RowType(model)
{
    public override Type Type => typeof(TRow);

    public override object? Bind(ModelSchema schema, out IReadOnlyList<string> errors) =>
        RowReader<TRow>.Compile(schema, out errors);
}
