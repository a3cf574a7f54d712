using Microsoft.AspNetCore.Http.HttpResults;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of nodes and their reports.</summary>
internal static class FleetProblems
{
    public static ProblemHttpResult UnknownNode(string id) => RelayProblems.Problem(404, "unknown-node", $"No node '{id}' has reported yet.");

    public static ProblemHttpResult InvalidCheckIn(Dictionary<string, string> errors) =>
        RelayProblems.Invalid("invalid-check-in", "The report was not stored; 'errors' lists what was expected.", errors);

    public static ProblemHttpResult FleetFull(int maximumNodes) => RelayProblems.Problem(
        503, "fleet-full",
        $"This relay keeps {maximumNodes} nodes, and each has enrolled or has reported for a day or longer: its operator can remove some by " +
            $"'relay nodes remove', or raise --max-nodes.");

    public static ProblemHttpResult Busy() => RelayProblems.Problem(
        503, "busy", "Too many reports wait to be written: send this one again after the time of the Retry-After header.");
}
