namespace Shared.Contracts.Models;

/// <summary>What nodes that run a model may send to a dataset of their relay. It is part of the signed file: a node sends no column that this does
/// not name, whatever a relay asks.</summary>
/// <param name="Dataset">The name of the dataset.</param>
/// <param name="Columns">Columns of the model, of type number or category.</param>
public sealed record SampleConsent(string Dataset, IReadOnlyList<string> Columns);
