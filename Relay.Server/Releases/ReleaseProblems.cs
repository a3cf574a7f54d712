using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Problems;
using Relay.Server.Repository.Publishing;
using Shared.Contracts.Api;

namespace Relay.Server.Releases;

/// <summary>The problems of requests that release something.</summary>
internal static class ReleaseProblems
{
    public static ProblemHttpResult Refused(PublishRefusal refusal) => refusal.Reason == PublishRefusalReason.SigningUnavailable
        ? RelayProblems.Problem(503, "signing-unavailable", $"Nothing was released. {refusal.Detail}")
        : RelayProblems.Problem(409, "release-refused", refusal.Detail);

    public static ProblemHttpResult UnknownChannel(string channel) => RelayProblems.Problem(
        404, "unknown-channel", $"Nothing was released to a channel '{channel}' yet: POST {Routes.ReleaseOf(channel)} does.");

    public static ProblemHttpResult UnknownRelease(int release) => RelayProblems.Problem(
        404, "unknown-release", $"There is no release {release}: list them by GET {Routes.Releases}.");

    public static ProblemHttpResult Invalid(string path, string expected) => RelayProblems.Invalid(
        "invalid-release", "Nothing was released; 'errors' lists what was expected.", new() { [path] = $"Expected {expected}." });
}
