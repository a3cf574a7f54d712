using Shared.Contracts;
using Shared.Contracts.Nodes;
using Sync.Client.Identity;

namespace Sync.Client.Transport;

/// <summary>What the problems mean that a relay has with a node, and not with its request, and what to do about them.</summary>
internal static class IdentityRefusals
{
    /// <summary>Null for every other problem.</summary>
    public static Refusal? Explain(RelayProblem problem, NodeIdentity identity) => problem.Type switch
    {
        // Without the relay's text: it is for people who have a key.
        NodeProblems.Unauthorized or NodeProblems.UnknownNode when identity.Key is null => new(
            RefusalReason.NodeKeyRefused, identity.NodeId,
            "the relay accepts only requests that a node signed, and this node has no key, which it keeps in its store: " +
                (identity.KeyFault is { } fault ? $"mend {fault.Reason} of {fault.Subject} first" : "the store is not open")),
        NodeProblems.Unauthorized => RefuseKey(
            identity, problem,
            "the relay found no signature: a proxy on the way may remove the headers Signature, Signature-Input and Content-Digest"),
        NodeProblems.UnknownNode => RefuseKey(identity, problem, "the relay accepted the key of this node and does not know it"),
        NodeProblems.SignatureTime =>
            RefuseKey(identity, problem, "the relay does not accept the time of a signature, although it is the relay's own"),
        NodeProblems.Signature => RefuseKey(
            identity, problem,
            $"the signature is not by the key that the relay knows of this node, or the request was altered on the way: {Advice(identity)}"),
        NodeProblems.NodeExists => RefuseKey(identity, problem, $"the relay knows a node of this name by another key: {Advice(identity)}"),
        NodeProblems.KeyExists => RefuseKey(
            identity, problem,
            $"the relay knows the key of this node under another name: go back to that {OptionNames.NodeId}, or start with an empty " +
                $"{OptionNames.StoreFolder}, since the store of one node is none for another"),
        NodeProblems.NodeBanned => new(
            RefusalReason.NodeBanned, identity.NodeId,
            $"the node keeps serving what it has and gets nothing new from the relay ({problem.Text})"),
        NodeProblems.EnrollmentToken => new(
            RefusalReason.EnrollmentRefused, identity.NodeId,
            $"the relay does not accept the enrollment token: it is unknown, expired, revoked or used up; have another one made by 'relay " +
                $"enroll-token' ({problem.Text})"),
        _ => ExplainFull(problem, identity.NodeId),
    };

    /// <summary>Null for every problem but that of a relay without a place for one more node.</summary>
    /// <param name="subject">The node, or the route of its check-ins.</param>
    public static Refusal? ExplainFull(RelayProblem problem, string subject) => problem.Type is NodeProblems.FleetFull
        ? new(
            RefusalReason.EnrollmentRefused, subject,
            $"the relay has as many nodes as it keeps: have its operator remove some by 'relay nodes remove', or raise --max-nodes ({problem.Text})")
        : null;

    private static string Advice(NodeIdentity identity) =>
        $"give each node its own {OptionNames.NodeId}; where this node lost its key, have the relay's operator run " +
            $"'relay nodes remove {identity.NodeId}'";

    private static Refusal RefuseKey(NodeIdentity identity, RelayProblem problem, string detail) =>
        new(RefusalReason.NodeKeyRefused, identity.NodeId, $"{detail} ({problem.Text})");
}
