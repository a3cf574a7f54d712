using Microsoft.AspNetCore.Http.HttpResults;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of training triggers.</summary>
internal static class TriggerProblems
{
    public static ProblemHttpResult Unknown(long id) => RelayProblems.Problem(
        404, "unknown-trigger", $"There is no trigger {id}: list them by GET {Routes.Triggers}.");

    public static ProblemHttpResult Invalid(Dictionary<string, string> errors) =>
        RelayProblems.Invalid("invalid-trigger", "No trigger was made; 'errors' lists what was expected.", errors);

    public static ProblemHttpResult TooMany(int maximum) => RelayProblems.Problem(
        409, "too-many-triggers", $"This relay keeps {maximum} triggers: delete some by DELETE {Routes.Triggers}.");
}
