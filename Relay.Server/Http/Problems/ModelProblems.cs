using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of models, specs and versions.</summary>
internal static class ModelProblems
{
    private const string InvalidSpecType = "invalid-spec";

    public static ProblemHttpResult UnknownModel(string name) => RelayProblems.Problem(
        404, "unknown-model", $"There is no model '{name}': list them by GET {Routes.Models}, create one by POST {Routes.Models}.");

    public static ProblemHttpResult NotInChannel(string name, string channel) => RelayProblems.Problem(
        404, "unknown-model", $"The channel '{channel}' has no model '{name}': GET {Routes.LegacyList} lists what it has.");

    public static ProblemHttpResult UnknownVersion(string name, int version) => RelayProblems.Problem(
        404, "unknown-version", $"The model '{name}' has no version {version}: list them by GET {Routes.Models}/{name}/versions.");

    /// <param name="why">What keeps it, without a full stop.</param>
    public static ProblemHttpResult VersionInUse(string name, int version, string why) => RelayProblems.Problem(
        409, "version-in-use", $"The version {version} of '{name}' stays: {why}.");

    public static ProblemHttpResult UnknownFile(string name, int version, string file) => RelayProblems.Problem(
        404, "unknown-file", $"{name} {version} has no file '{file}': list them by GET {Routes.FilesOf(name, version)}.");

    public static ProblemHttpResult ModelExists(string name) => RelayProblems.Problem(
        409, "model-exists", $"There is a model '{name}': replace its spec by PUT {Routes.Models}/{name}.");

    public static ProblemHttpResult Archived(string name) => RelayProblems.Problem(
        409, "model-archived",
        $"The model '{name}' is archived: it takes no training and no release. Restore it by POST {Routes.ModelOf(name)}/restore, which is "
        + $"'relay model restore {name}'.");

    /// <summary>The member <c>channels</c> names them to programs.</summary>
    public static ProblemHttpResult InChannels(string name, IReadOnlyList<string> channels) => RelayProblems.Problem(
        409, "model-in-channels",
        $"The model '{name}' stays: the channels {string.Join(", ", channels)} name it, or a publication that waits for signatures does. Release "
        + "something else on them first, such as without it, which is 'relay publish --without'.",
        new() { ["channels"] = channels });

    /// <summary>The member <c>runs</c> names them to programs.</summary>
    public static ProblemHttpResult RunsUnfinished(string name, IReadOnlyList<long> runs) => RelayProblems.Problem(
        409, "training-unfinished",
        $"The model '{name}' stays: the training runs {string.Join(", ", runs)} have not ended. Wait for their end, or cancel them.",
        new() { ["runs"] = runs });

    public static ProblemHttpResult TwoPeopleStays(string name) => RelayProblems.Problem(
        403, "two-people", $"The spec of '{name}' asks for two people: only a key of role admin takes 'twoPeople' out of it.");

    public static ProblemHttpResult NameMismatch(string spec, string path) => RelayProblems.Problem(
        422, InvalidSpecType, $"The spec names the model '{spec}', the path names '{path}': make them equal.");

    public static ProblemHttpResult InvalidSpec(ModelSpecException e) => RelayProblems.Invalid(
        InvalidSpecType, e.Message, new() { [e.Problem.Path] = $"Found {e.Problem.Found}; expected {e.Problem.Expected}." });

    /// <summary>The spec is valid, and no engine of this relay trains it.</summary>
    public static ProblemHttpResult UntrainableSpec(TrainingException e) =>
        RelayProblems.Invalid(InvalidSpecType, e.Message, new() { ["$"] = e.Message });
}
