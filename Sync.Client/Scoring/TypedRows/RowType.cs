using Shared.Contracts.Models;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>A row type that the application registers for a model.</summary>
internal abstract class RowType(string model)
{
    /// <summary>Why an app that is trimmed or compiled ahead of time is warned of types without the attribute.</summary>
    public const string Why =
        "Rows of this type are bound by reflection, and by code that is compiled at run time. In an app that is trimmed or published with "
            + "NativeAOT, give the type the attribute [RelayRow] and make it partial, or call IRelayModel with spans.";

    public string Model => model;

    public abstract Type Type { get; }

    /// <summary>A <see cref="RowReader{TRow}"/> for a schema, or null.</summary>
    /// <param name="errors">What does not match, one line for each input.</param>
    public abstract object? Bind(ModelSchema schema, out IReadOnlyList<string> errors);
}
