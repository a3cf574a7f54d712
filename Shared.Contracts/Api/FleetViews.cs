namespace Shared.Contracts.Api;

/// <summary>A node and its latest report.</summary>
/// <param name="SeenAt">When the relay received it, by the relay's clock.</param>
public sealed record NodeView(string Id, DateTimeOffset SeenAt, CheckIn CheckIn);

/// <summary>Answer of <see cref="Routes.LegacyStats"/>.</summary>
/// <param name="UptimeSeconds">Seconds since this process began to answer.</param>
/// <param name="TrainingRuns">Runs by state.</param>
/// <param name="Nodes">Nodes that ever reported.</param>
/// <param name="StaleNodes">Nodes whose latest report says that their metadata has expired.</param>
/// <param name="Quarantined">Nodes whose latest report names a quarantined artifact.</param>
public sealed record RelayStats(
    long UptimeSeconds, int Models, int Versions, int Releases, IReadOnlyDictionary<string, int> TrainingRuns,
    int Nodes, int StaleNodes, int Quarantined, IReadOnlyDictionary<string, int> Channels, IReadOnlyList<VersionPredictions> Predictions);

/// <summary>What the nodes' latest reports say of one version, summed; each node counts since it activated the version.</summary>
public sealed record VersionPredictions(string Model, int Version, int Nodes, long Predictions, long Failures);
