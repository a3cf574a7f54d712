using Microsoft.AspNetCore.Http.HttpResults;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of event streams.</summary>
internal static class EventProblems
{
    public static ProblemHttpResult InvalidChannel() => RelayProblems.Invalid(
        "invalid-event-channel", "No stream was opened; 'errors' lists what was expected.",
        new() { [RelayEvents.ChannelParameter] = $"Expected {RelayName.Rule}." });

    public static ProblemHttpResult TooManyStreams() => RelayProblems.Problem(
        503, "too-many-event-streams",
        "This relay, or this caller, has as many event streams open as are allowed: poll, and try again after the time of the "
        + "Retry-After header. The operator can raise --event-streams.");
}
