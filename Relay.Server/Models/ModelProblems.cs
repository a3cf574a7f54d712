using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Problems;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Models;

internal static class ModelProblems
{
    public static ProblemHttpResult UnknownModel(string name) => RelayProblems.Problem(
        404, "unknown-model", $"There is no model '{name}': list them by GET {Routes.Models}, create one by POST {Routes.Models}.");

    public static ProblemHttpResult UnknownVersion(string name, int version) => RelayProblems.Problem(
        404, "unknown-version", $"The model '{name}' has no version {version}: list them by GET {Routes.Models}/{name}/versions.");

    /// <summary>The spec is sound, and no engine of this relay trains it.</summary>
    public static ProblemHttpResult UntrainableSpec(TrainingException e) =>
        RelayProblems.Invalid("invalid-spec", e.Message, new() { ["$"] = e.Message });

    public static ProblemHttpResult InvalidSpec(ModelSpecException e) => RelayProblems.Invalid(
        "invalid-spec", e.Message, new() { [e.Problem.Path] = $"Found {e.Problem.Found}; expected {e.Problem.Expected}." });
}
