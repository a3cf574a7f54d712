using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shared.Contracts.Nodes;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of a node's signature and of its enrollment: nodes act on their types (<see cref="NodeProblems"/>).</summary>
internal static class NodeProblemResults
{
    public static ProblemHttpResult Signature(string detail) =>
        Problem(401, NodeProblems.Signature, $"The signature of this request does not count: {detail}.");

    public static ProblemHttpResult NotEnrolled(string node) => Problem(
        401, NodeProblems.UnknownNode,
        $"No key is known of a node '{node}': it has to enroll with a token that the relay's operator makes by 'relay enroll-token'.");

    public static ProblemHttpResult Banned(string node) => Problem(
        403, NodeProblems.NodeBanned,
        $"The relay's operator banned node '{node}': nothing that its key signs is accepted until 'relay nodes unban {node}'.");

    public static ProblemHttpResult SignatureTime(DateTimeOffset now) => Problem(
        401, NodeProblems.SignatureTime,
        $"The request was signed more than {RequestSignature.MaximumAge.TotalMinutes} minutes away from this relay's time, which is in 'relayTime'.",
        NodeProblems.RelayTimeMember, now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));

    public static ProblemHttpResult Forbidden(string? node) => RelayProblems.Problem(
        403, "forbidden", $"Node '{node}' may read what it runs, and write what is about itself: this request is for others.");

    public static ProblemHttpResult UnsignedNode(string node) => Problem(
        401, NodeProblems.Signature, $"Node '{node}' has enrolled: its reports have to be signed with its key.");

    public static ProblemHttpResult Sequence(long last) => Problem(
        409, NodeProblems.Sequence, $"A later check-in is stored already: the node goes on with {last + 1} in 'sequence'.",
        NodeProblems.LastMember, last);

    public static ProblemHttpResult InvalidEnrollment(Dictionary<string, string> errors) =>
        RelayProblems.Invalid("invalid-enrollment", "The node was not enrolled; 'errors' lists what was expected.", errors);

    public static ProblemHttpResult NodeKey(string detail) =>
        Problem(422, NodeProblems.NodeKey, $"'publicKey' has to be an ECDSA key on P-256, its SubjectPublicKeyInfo as DER in base64: {detail}.");

    /// <summary>One answer for every token that is refused, so that none can be guessed at: the log says why.</summary>
    public static ProblemHttpResult EnrollmentToken() => Problem(
        401, NodeProblems.EnrollmentToken,
        "The enrollment token is not accepted; the relay's log says why. Its operator makes a new one by 'relay enroll-token'.");

    public static ProblemHttpResult NodeExists(string node) => Problem(
        409, NodeProblems.NodeExists,
        $"Another key is enrolled as node '{node}': choose another name, or let the relay's operator free it by 'relay nodes remove {node}'.");

    public static ProblemHttpResult KeyExists() => Problem(
        409, NodeProblems.KeyExists, "This key is enrolled under another name: a node that was copied needs a store, and with it a key, of its own.");

    public static ProblemHttpResult EnrollmentsFull(int maximumNodes) => RelayProblems.Problem(
        503, "fleet-full",
        $"{maximumNodes} nodes are enrolled, as many as this relay keeps: its operator can remove some by 'relay nodes " +
            $"remove', or raise --max-nodes.");

    public static ProblemHttpResult InvalidTokenRequest(Dictionary<string, string> errors) =>
        RelayProblems.Invalid("invalid-enrollment-token", "No token was made; 'errors' lists what was expected.", errors);

    public static ProblemHttpResult NoKeyToBan(string node) => RelayProblems.Problem(
        404, "unknown-node", $"No node '{node}' has enrolled: only a key can be banned. Close open check-ins to keep out nodes without one.");

    public static ProblemHttpResult UnknownToken(long id) => RelayProblems.Problem(
        404, "unknown-enrollment-token", $"There is no enrollment token {id}: 'relay enroll-token list' shows all.");

    private static ProblemHttpResult Problem(int status, string type, string detail) =>
        RelayProblems.Problem(status, RelayProblems.ShortType(type), detail);

    private static ProblemHttpResult Problem(int status, string type, string detail, string member, object value) =>
        RelayProblems.Problem(status, RelayProblems.ShortType(type), detail, new() { [member] = value });
}
