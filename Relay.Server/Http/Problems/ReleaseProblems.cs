using Microsoft.AspNetCore.Http.HttpResults;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of channels, releases, pending publications and revocations.</summary>
internal static class ReleaseProblems
{
    public static ProblemHttpResult UnknownChannel(string channel) => RelayProblems.Problem(
        404, "unknown-channel", $"The channel '{channel}' has no release yet: publish one by POST {Routes.ReleaseOf(channel)}.");

    public static ProblemHttpResult UnknownRelease(int release) => RelayProblems.Problem(
        404, "unknown-release", $"There is no release {release}: list them by GET {Routes.Releases}.");

    public static ProblemHttpResult InvalidRelease(string path, string expected) => RelayProblems.Invalid(
        "invalid-release", "Nothing was released; 'errors' lists what was expected.", new() { [path] = $"Expected {expected}." });

    public static ProblemHttpResult ReleaseRefused(string detail) => RelayProblems.Problem(409, "release-refused", detail);

    public static ProblemHttpResult SigningUnavailable(string detail) =>
        RelayProblems.Problem(503, "signing-unavailable", $"Nothing was released. {detail}");

    public static ProblemHttpResult UnknownPending(string id) => RelayProblems.Problem(
        404, "unknown-pending", $"There is no pending publication '{id}': list them by GET {Routes.Pending}.");

    public static ProblemHttpResult InvalidSignature() => RelayProblems.Invalid(
        "invalid-signature", "Nothing was signed; 'errors' lists what was expected.",
        new() { ["$"] = "Expected a signed metadata file, or 'keyid' and 'sig'." });

    public static ProblemHttpResult SignatureRefused(string detail) =>
        RelayProblems.Problem(409, "signature-refused", $"Nothing was signed: {detail}.");

    public static ProblemHttpResult InvalidRevocationReason(int maximumLength) => RelayProblems.Invalid(
        "invalid-revocation", "Nothing was revoked; 'errors' lists what was expected.",
        new() { ["$.reason"] = $"Expected at most {maximumLength} characters on one line." });
}
