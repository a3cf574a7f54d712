namespace Relay.Server.Datasets.Selection;

/// <summary>What a run takes of nodes: as it is when the run starts, and as the card recorded it when a version is reproduced.</summary>
/// <param name="Banned">Nodes of which nothing is taken.</param>
/// <param name="Share">The share of the rows that one node may make up.</param>
internal sealed record NodeRules(IReadOnlyCollection<string> Banned, double Share);
