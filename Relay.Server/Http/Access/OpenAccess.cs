namespace Relay.Server.Http.Access;

/// <summary>What the operator opens by name to requests without a credential.</summary>
/// <param name="Artifacts">Metadata and artifacts are read by anyone.</param>
/// <param name="CheckIns">Nodes that have not enrolled report as well. Nothing proves who they are.</param>
/// <param name="Metrics">Metrics are read by anyone.</param>
internal sealed record OpenAccess(bool Artifacts, bool CheckIns, bool Metrics);
