namespace Shared.Contracts.Api;

/// <summary>A node and its latest report.</summary>
/// <param name="SeenAt">When the relay received it, by the relay's clock.</param>
public sealed record NodeView(string Id, DateTimeOffset SeenAt, CheckIn CheckIn);

/// <summary>Answer of <see cref="Routes.LegacyStats"/>.</summary>
/// <param name="UptimeSeconds">Seconds since this process started to serve requests.</param>
/// <param name="TrainingRuns">Runs by state.</param>
/// <param name="Nodes">Nodes that have reported at least once.</param>
/// <param name="StaleNodes">Nodes whose metadata has expired, by their latest reports.</param>
/// <param name="Quarantined">Nodes with a quarantined artifact, by their latest reports.</param>
public sealed record RelayStats(
    long UptimeSeconds, int Models, int Versions, int Releases, IReadOnlyDictionary<string, int> TrainingRuns,
    int Nodes, int StaleNodes, int Quarantined, IReadOnlyDictionary<string, int> Channels, IReadOnlyList<VersionPredictions> Predictions);

/// <summary>The sums over the latest reports of all nodes for one version. Each node counts from its activation of the version.</summary>
public sealed record VersionPredictions(string Model, int Version, int Nodes, long Predictions, long Failures);
