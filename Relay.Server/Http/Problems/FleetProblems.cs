using Microsoft.AspNetCore.Http.HttpResults;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of nodes and their reports.</summary>
internal static class FleetProblems
{
    public static ProblemHttpResult UnknownNode(string id) => RelayProblems.Problem(404, "unknown-node", $"No node '{id}' has reported yet.");

    public static ProblemHttpResult InvalidCheckIn(Dictionary<string, string> errors) =>
        RelayProblems.Invalid("invalid-check-in", "The report was not stored; 'errors' lists what was expected.", errors);

    public static ProblemHttpResult FleetFull(int maximumNodes) => RelayProblems.Problem(
        503, "fleet-full", $"This relay stores at most {maximumNodes} nodes, and this one would exceed that.");
}
