using Shared.Contracts.Models;

namespace Shared.Contracts.Api;

/// <summary>A model whose schema changes when a channel gets another release.</summary>
/// <param name="Version">The version of the new release; null where the release does not have the model.</param>
/// <param name="Running">The version that the channel runs.</param>
/// <param name="Differences">What differs, one clause each.</param>
public sealed record SchemaChange(string Channel, string Model, int? Version, int Running, IReadOnlyList<string> Differences)
{
    /// <summary>SHA-256 of the new schema, as in the model card; null where there is none.</summary>
    public string? SchemaHash { get; init; }

    /// <summary>True where only inputs differ: callers that fill inputs by name may fit both.</summary>
    public bool OnlyInputs { get; init; }

    /// <summary>One line for people.</summary>
    internal string Describe() => Version is { } version
        ? $"{Model} {version} has another schema than version {Running}, which '{Channel}' runs: {SchemaComparison.Join(Differences)}"
        : $"'{Channel}' runs {Model} {Running}, and the release does not have the model";
}

/// <summary>What the nodes of a channel would do with a schema change, by their latest reports.</summary>
public sealed record SchemaChangeNodes
{
    /// <summary>Nodes that would refuse the release and keep the one that they run.</summary>
    public required IReadOnlyList<string> Refuse { get; init; }

    /// <summary>Nodes that fill inputs by name: they refuse a release with an input that their rows lack.</summary>
    public required IReadOnlyList<string> RefuseIfInputsLack { get; init; }

    /// <summary>Nodes that do not compare schemas, because their library is older: they would run it, and their calls may fail or be answered
    /// wrongly.</summary>
    public required IReadOnlyList<string> Unchecked { get; init; }

    /// <summary>The number of further nodes with the model, which were not looked at: a fleet is not listed in one answer.</summary>
    public long LeftOut { get; init; }
}
