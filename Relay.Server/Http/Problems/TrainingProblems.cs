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

    public static ProblemHttpResult RunUnfinished(long id) => RelayProblems.Problem(
        409, "training-unfinished", $"The run {id} has not ended: wait for its end, or cancel it by POST {Routes.RunOf(id)}/cancel.");

    public static ProblemHttpResult RunInUse(long id) => RelayProblems.Problem(
        409, "run-in-use",
        $"The run {id} stays: it says how a version was made that there is, or which number the next version gets, or a trigger names "
        + "it as its last run.");

    public static ProblemHttpResult TooManyRuns(string model, int maximum) => RelayProblems.Problem(
        409, "too-many-runs",
        $"The model '{model}' has as many training runs as a model may have: {maximum}. Delete some by 'relay runs delete', keep fewer by "
        + "--keep-runs, or raise --max-runs.");

    public static ProblemHttpResult TooManyVersions(string model, int maximum) => RelayProblems.Problem(
        409, "too-many-versions",
        $"The model '{model}' has as many versions as a model may have, with those of runs that have not ended: {maximum}. Delete some by "
        + "'relay version delete', keep fewer by --keep-versions, or raise --max-versions.");

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
