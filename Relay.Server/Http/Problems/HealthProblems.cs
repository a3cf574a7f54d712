using Microsoft.AspNetCore.Http.HttpResults;

namespace Relay.Server.Http.Problems;

/// <summary>Why a relay is not ready.</summary>
internal static class HealthProblems
{
    private const string NotReady = "not-ready";

    public static ProblemHttpResult MetadataExpired() => RelayProblems.Problem(
        503, NotReady, "The signed metadata has expired: the log has the reason why it was not signed again.");

    public static ProblemHttpResult DataUnreadable() => RelayProblems.Problem(
        503, NotReady, "The relay cannot read its data folder: the log has the cause.");
}
