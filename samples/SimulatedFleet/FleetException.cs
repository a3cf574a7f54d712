namespace SimulatedFleet;

/// <summary>A node could not do what a fleet is for; the message says which and why.</summary>
internal sealed class FleetException(string message) : Exception(message);
