using Microsoft.AspNetCore.Http.HttpResults;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of channels, releases, pending publications and revocations.</summary>
internal static class ReleaseProblems
{
    public static ProblemHttpResult UnknownChannel(string channel) => RelayProblems.Problem(
        404, "unknown-channel", $"There is no channel '{channel}': list them by GET {Routes.Channels}. A channel begins with its first release.");

    /// <param name="channels">Those that there are.</param>
    public static ProblemHttpResult NewChannel(string channel, IEnumerable<string> channels) => RelayProblems.Problem(
        404, "unknown-channel",
        $"Nothing was released: there is no channel '{channel}', only {string.Join(", ", channels)}. If it is to be a new one, send "
        + "\"newChannel\": true, which is 'relay publish --new-channel'.");

    /// <summary>The member <c>nodes</c> counts them for programs.</summary>
    public static ProblemHttpResult ChannelInUse(string channel, long nodes) => RelayProblems.Problem(
        409, "channel-in-use",
        $"The channel '{channel}' stays: {nodes} nodes were on it at their last report. They would keep what they run and get nothing new. "
        + "Move them to another channel, or delete it by ?force=true, which is 'relay channel delete --force'.",
        new() { ["nodes"] = nodes });

    public static ProblemHttpResult UnknownRelease(int release) => RelayProblems.Problem(
        404, "unknown-release", $"There is no release {release}, or the signed metadata list it no more because nothing named it for long: list "
        + $"them by GET {Routes.Releases}, or publish its versions again.");

    public static ProblemHttpResult InvalidRelease(string path, string expected) => RelayProblems.Invalid(
        "invalid-release", "Nothing was released; 'errors' lists what was expected.", new() { [path] = $"Expected {expected}." });

    public static ProblemHttpResult ReleaseRefused(string detail) => RelayProblems.Problem(409, "release-refused", detail);

    /// <summary>What runs would get another schema. The members <c>changes</c> and <c>nodes</c> say the same to programs.</summary>
    /// <param name="option">How the request accepts it.</param>
    public static ProblemHttpResult SchemaChange(
        string changes, IReadOnlyList<SchemaChange> schemaChanges, SchemaChangeNodes nodes, string option) =>
        RelayProblems.Problem(
            409, "schema-change",
            $"Nothing was released. {changes} {Describe(nodes.Refuse, "would refuse it and keep the release that they run")}"
            + Describe(nodes.RefuseIfInputsLack, "fill inputs by name and would refuse it if their rows lack one")
            + Describe(
                nodes.Unchecked,
                "do not compare schemas, because their library is older: they would run it, and their calls may fail or be answered wrongly")
            + (nodes.LeftOut > 0 ? FormattableString.Invariant($"{nodes.LeftOut} further nodes with the model were not looked at. ") : "")
            + $"Once the apps fit, {option}.",
            new() { ["changes"] = schemaChanges, ["nodes"] = nodes });

    /// <summary>The member <c>rollout</c> names it to programs.</summary>
    public static ProblemHttpResult RolloutRunning(string detail, long? rollout) =>
        RelayProblems.Problem(409, "rollout-running", detail, new() { ["rollout"] = rollout });

    public static ProblemHttpResult SigningUnavailable(string detail) =>
        RelayProblems.Problem(503, "signing-unavailable", $"Nothing was released. {detail}");

    public static ProblemHttpResult TwoPeople(string detail) => RelayProblems.Problem(409, "two-people", detail);

    public static ProblemHttpResult UnknownPending(string id) => RelayProblems.Problem(
        404, "unknown-pending", $"There is no pending publication '{id}': list them by GET {Routes.Pending}.");

    public static ProblemHttpResult InvalidSignature() => RelayProblems.Invalid(
        "invalid-signature", "Nothing was signed; 'errors' lists what was expected.",
        new() { ["$"] = "Expected a signed metadata file, or 'keyid' and 'sig'." });

    public static ProblemHttpResult SignatureRefused(string detail) =>
        RelayProblems.Problem(409, "signature-refused", $"Nothing was signed: {detail}.");

    private static string Describe(IReadOnlyList<string> nodes, string effect)
    {
        const int named = 10;
        return nodes.Count == 0 ? ""
            : $"Of the nodes, {nodes.Count} {effect}: {string.Join(", ", nodes.Take(named))}{(nodes.Count > named ? " and others" : "")}. ";
    }

    public static ProblemHttpResult InvalidRevocationReason(int maximumLength) => RelayProblems.Invalid(
        "invalid-revocation", "Nothing was revoked; 'errors' lists what was expected.",
        new() { ["$.reason"] = $"Expected at most {maximumLength} characters on one line." });
}
