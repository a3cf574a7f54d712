using Microsoft.AspNetCore.Http.HttpResults;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of aliases of versions.</summary>
internal static class AliasProblems
{
    public static ProblemHttpResult UnknownAlias(string model, string alias) => RelayProblems.Problem(
        404, "unknown-alias", $"The model '{model}' has no alias '{alias}': list them by GET {Routes.AliasesOf(model)}.");

    public static ProblemHttpResult NamedNothing(string model, string alias, DateTimeOffset at) => RelayProblems.Problem(
        404, "unknown-alias",
        FormattableString.Invariant($"The alias '{alias}' of '{model}' named no version at {at.UtcDateTime:u}: see its history by GET ")
        + $"{Routes.AliasOf(model, alias)}/history.");

    public static ProblemHttpResult FutureTime() => RelayProblems.MalformedRequest(
        "The time of 'at' is in the future, and the alias may change until then: leave 'at' out for the version that it names now.");

    public static ProblemHttpResult InvalidAlias(string latest) => RelayProblems.Invalid(
        "invalid-alias", "The alias was not set: its name would be mistaken for a version, or is no name.",
        new() { ["$.alias"] = $"Expected {RelayName.Rule}, not digits only and not '{latest}', in the path." });

    public static ProblemHttpResult RevokedVersion(string model, int version) => RelayProblems.Problem(
        409, "revoked-version",
        $"The alias was not set: {model} {version} is revoked, or its revocation waits for signatures. Set it to another version.");
}
