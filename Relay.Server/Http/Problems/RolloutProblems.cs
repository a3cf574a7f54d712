using Microsoft.AspNetCore.Http.HttpResults;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of rollouts.</summary>
internal static class RolloutProblems
{
    public static ProblemHttpResult Unknown(long id) => RelayProblems.Problem(
        404, "unknown-rollout", $"There is no rollout {id}: list them by GET {Routes.Rollouts}.");

    public static ProblemHttpResult Invalid(string path, string expected) => RelayProblems.Invalid(
        "invalid-rollout", "Nothing was started; 'errors' lists what was expected.", new() { [path] = $"Expected {expected}." });

    /// <summary>The rule cannot be used, or cannot pass with the nodes that there are.</summary>
    public static ProblemHttpResult InvalidRule(string error) => RelayProblems.Invalid(
        "invalid-rollout", "Nothing was started; 'errors' says what is wrong.",
        new() { ["$.rule"] = $"{char.ToUpperInvariant(error[0])}{error[1..]}." });

    public static ProblemHttpResult Refused(string detail) => RelayProblems.Problem(409, "rollout-refused", $"Nothing was started. {detail}");

    public static ProblemHttpResult Ended(string detail) => RelayProblems.Problem(409, "rollout-ended", detail);

    public static ProblemHttpResult Paused(string detail) => RelayProblems.Problem(409, "rollout-paused", detail);

    public static ProblemHttpResult CannotReturn(string detail) => RelayProblems.Problem(409, "rollout-cannot-return", detail);
}
