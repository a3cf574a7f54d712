using System.Text.Json;
using Relay.Server.Fleet.Identity;
using Relay.Server.Repository.Explaining;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Nodes;

namespace Relay.Server.History.Trust;

/// <summary>Whether a node's key signed a report: each part of it, as a step.</summary>
internal sealed record CheckInProof(IReadOnlyList<ExplanationStep> Steps)
{
    /// <summary>What was signed; null where it cannot be read.</summary>
    public CheckIn? CheckIn { get; private init; }

    /// <summary>When it was signed, by the node's clock; null where the signature cannot be read.</summary>
    public DateTimeOffset? SignedAt { get; private init; }

    /// <summary>For tools of others; null where the signature cannot be read.</summary>
    public SignedRequest? Request { get; private init; }

    public bool Holds => Steps.All(step => step.Holds);

    /// <param name="text">The body that was signed.</param>
    /// <param name="pinnedKey">The node's key, when it is known from elsewhere; null to take the one that the relay states.</param>
    public static CheckInProof Verify(SignedCheckIn request, byte[] text, NodePublicKey? pinnedKey = null)
    {
        Result<RequestSignature, SignatureRefusal> signature = RequestSignature.Read(request.SignatureInput, request.Signature);
        Result<CoveredComponents, SignatureRefusal> components = CoveredComponents.Create(request.Method, request.Target, request.ContentDigest);
        NodePublicKey? key = NodePublicKey.Read(request.PublicKey, out string keyError);
        CheckIn? report = Read(text);
        if (!signature.IsAccepted || !components.IsAccepted || key is null || report is null)
        {
            return new CheckInProof([new(false, "check-in", "it cannot be read: " + (
                signature.Refusal?.Detail ?? components.Refusal?.Detail ?? (key is null ? keyError : "the text is not a check-in")))]);
        }

        SignedRequest signed = new(signature.Value, components.Value, request.Target);
        DateTimeOffset created = signature.Value.Created;
        bool isOfNode = signature.Value.NodeId == request.Node && report.Node == request.Node
            && components.Value is { Method: "POST", Path: var path } && path == Routes.CheckInsOf(request.Node);
        List<ExplanationStep> steps =
        [
            new(pinnedKey is null || pinnedKey.Identity == key.Identity, "key", pinnedKey is null
                ? $"the relay states that this key was enrolled as '{request.Node}'; give the node's own by --node-key to check that"
                : pinnedKey.Identity == key.Identity ? "it is the node's key that you gave" : "it is not the node's key that you gave"),
            new(ContentDigest.Matches(request.ContentDigest, text), "text", ContentDigest.Matches(request.ContentDigest, text)
                ? "its digest is the one that was signed"
                : "its digest is not the one that was signed: the text was altered"),
            Step(key.Verifies(signed), "signature", "the key signed this request (RFC 9421)", "it is not by this key over this request"),
            Step(
                isOfNode, "node", $"it is a check-in of '{request.Node}'",
                $"it is not a check-in of '{request.Node}': the node, the path or the method is another"),
            Step(
                signed.IsOfTime(request.SeenAt), "time", $"signed at {created:u}, received at {request.SeenAt:u} by the relay's clock",
                $"signed at {created:u}, which is more than 5 minutes from {request.SeenAt:u}, when the relay states to have received it"),
        ];
        return new CheckInProof(steps) { CheckIn = report, SignedAt = created, Request = signed };
    }

    private static CheckIn? Read(byte[] text)
    {
        try
        {
            // A list may hold null although its type forbids it: the serializer does not check items.
            return JsonSerializer.Deserialize(text, RelayApiJson.Default.CheckIn) is { } report
                && report.Models.All(model => model is not null) && report.Quarantine.All(artifact => artifact is not null)
                ? report
                : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ExplanationStep Step(bool holds, string subject, string yes, string no) => new(holds, subject, holds ? yes : no);
}
