using Microsoft.AspNetCore.Http.HttpResults;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of training runs.</summary>
internal static class TrainingProblems
{
    public static ProblemHttpResult UnknownRun(long id) => RelayProblems.Problem(
        404, "unknown-training-run", $"There is no training run {id}: list them by GET {Routes.TrainingRuns}.");

    public static ProblemHttpResult RunFinished(TrainingRun run) => RelayProblems.Problem(
        409, "run-finished", $"The run {run.Id} has {run.State.ToString().ToLowerInvariant()} already: there is nothing to cancel.");

    public static ProblemHttpResult UnknownSpecMember(string model, string unknown) =>
        RelayProblems.Problem(409, "spec-of-a-newer-version", $"Nothing was started for '{model}': {unknown}.");

    public static ProblemHttpResult InvalidAcceptance(Dictionary<string, string> errors) =>
        RelayProblems.Invalid("invalid-acceptance", "Nothing was started; 'errors' lists what cannot be accepted.", errors);

    public static ProblemHttpResult InvalidDataSource(Dictionary<string, string> errors) =>
        RelayProblems.Invalid("invalid-data-source", "Nothing was started; 'errors' lists what was expected.", errors);

    public static ProblemHttpResult InvalidModelFile(string detail) => RelayProblems.Problem(422, "invalid-model-file", detail);

    /// <param name="why">A sentence.</param>
    public static ProblemHttpResult GiverNotVerified(string why) =>
        RelayProblems.Problem(422, "giver-not-verified", $"Nothing was imported: {why}");
}
