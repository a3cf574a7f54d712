using Shared.Contracts.Models;

namespace Sync.Client;

/// <summary>The schema that an app was built for, as far as it states it. The node takes the rest from the first release that it accepts and
/// keeps it over restarts. A release that differs is refused with <see cref="Shared.Contracts.RefusalReason.SchemaMismatch"/>, and the
/// active release stays. An app that states something else than before gives up what the node kept for it.</summary>
public sealed class ExpectedSchema
{
    /// <summary>The names of the inputs in the order of the app's rows, numbers and categories as the schema mixes them. Default null: as
    /// in the first accepted release.</summary>
    public IReadOnlyList<string>? Inputs { get; set; }

    /// <summary>The classes in the order of the probabilities. Default null: as in the first accepted release.</summary>
    public IReadOnlyList<string>? Classes { get; set; }

    /// <summary>The task. Default null: that of the first accepted release.</summary>
    public ModelTask? Task { get; set; }

    /// <summary>The <c>schemaHash</c> of a model card, which <see cref="ActiveModelVersion.SchemaHash"/> and the check-in show too: it stands
    /// for inputs, classes and task together. Default null.</summary>
    public string? Hash { get; set; }

    /// <summary>True for an app that reads <see cref="ActiveModelVersion.Schema"/> and makes its rows to fit: every release is accepted,
    /// whatever its schema. Default false.</summary>
    public bool AnySchema { get; set; }

    /// <summary>True where the app states nothing.</summary>
    internal bool IsEmpty => !AnySchema && !NamesParts;

    /// <summary>True where the app states a part of the schema, or its hash.</summary>
    internal bool NamesParts => Inputs is not null || Classes is not null || Task is not null || Hash is not null;
}
