namespace SimulatedFleet;

/// <summary>A model of the release that a node runs.</summary>
/// <param name="Artifact">The verified bytes, which all nodes of the process share.</param>
internal sealed record RunningModel(int Release, string Name, int Version, string Sha256, byte[] Artifact);
