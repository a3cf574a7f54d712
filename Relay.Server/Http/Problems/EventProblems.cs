using Microsoft.AspNetCore.Http.HttpResults;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of event streams.</summary>
internal static class EventProblems
{
    public static ProblemHttpResult TooManyStreams() => RelayProblems.Problem(
        503, "too-many-event-streams",
        "This relay, or this caller, has as many event streams open as are allowed: poll, and try again after the time of the Retry-After header. The operator can raise --event-streams.");
}
