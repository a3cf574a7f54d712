namespace Relay.Training.Gates;

/// <summary>What people can accept, for those who ask before a run.</summary>
public static class GateAcceptances
{
    /// <summary>The names of all gates.</summary>
    public static IReadOnlyList<string> GateNames => [.. GateCatalog.All.Select(g => g.Name)];

    /// <summary>Says why a person cannot accept that a gate fails, for a reason; null where that is possible.</summary>
    public static string? FindError(string gate, string? reason) => GateCatalog.FindAcceptanceError(gate, reason);
}
