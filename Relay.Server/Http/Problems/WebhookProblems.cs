using Microsoft.AspNetCore.Http.HttpResults;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of webhooks.</summary>
internal static class WebhookProblems
{
    public static ProblemHttpResult Unknown(long id) => RelayProblems.Problem(
        404, "unknown-webhook", $"There is no webhook {id}: list them by GET {Routes.Webhooks}.");

    public static ProblemHttpResult Invalid(Dictionary<string, string> errors) =>
        RelayProblems.Invalid("invalid-webhook", "No webhook was made; 'errors' lists what was expected.", errors);

    public static ProblemHttpResult TooMany(int maximum) => RelayProblems.Problem(
        409, "too-many-webhooks", $"This relay keeps {maximum} webhooks: delete one by DELETE {Routes.Webhooks}.");
}
