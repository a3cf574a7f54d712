using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Repository.Pending;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Releases;

/// <summary>Publications that wait for signatures of keys which the relay does not hold.</summary>
internal static class PendingEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder pending = app.MapGroup(Routes.Pending);
        pending.MapGet("", List).RequireAuthorization(AccessPolicies.Approver);
        pending.MapGet("/{id}", Find).RequireAuthorization(AccessPolicies.Approver);
        pending.MapPost("/{id}/signatures", Sign).RequireAuthorization(AccessPolicies.Approver);
        pending.MapDelete("/{id}", Drop).RequireAuthorization(AccessPolicies.Admin);
    }

    private static Ok<Page<PendingView>> List(ApprovalService approvals) =>
        TypedResults.Ok(new Page<PendingView>([.. approvals.List().Select(pending => View(pending, withMetadata: false))], null));

    private static Results<Ok<PendingView>, ProblemHttpResult> Find(string id, ApprovalService approvals) =>
        approvals.List().SingleOrDefault(pending => pending.Id == id) is { } found
            ? TypedResults.Ok(View(found, withMetadata: true))
            : ReleaseProblems.UnknownPending(id);

    private static async Task<Results<Ok<PendingProgress>, ProblemHttpResult>> Sign(
        string id, JsonElement body, ApprovalService approvals, CancellationToken cancellationToken)
    {
        if (ReadSignatures(body) is not { Count: > 0 } signatures)
        {
            return ReleaseProblems.InvalidSignature();
        }

        Result<Approval, ApprovalRefusal> result = await approvals.SignAsync(id, signatures, cancellationToken);
        return result switch
        {
            { Refusal.Reason: ApprovalRefusalReason.UnknownPublication } => ReleaseProblems.UnknownPending(id),
            { Refusal: { } refusal } => ReleaseProblems.SignatureRefused(refusal.Detail),
            { Value: { Publication: { } signed } approval } => TypedResults.Ok(
                new PendingProgress(signed.Id, approval.Published, signed.Threshold, signed.SignedBy)),
            _ => throw new UnreachableException(),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Drop(
        string id, ApprovalService approvals, CancellationToken cancellationToken) =>
        await approvals.DropAsync(id, cancellationToken) ? TypedResults.NoContent() : ReleaseProblems.UnknownPending(id);

    /// <summary>The signatures of a metadata file, or the single signature that the body is; null when it is neither.</summary>
    private static List<MetadataSignature>? ReadSignatures(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (!body.TryGetProperty("signatures", out JsonElement listed))
        {
            return ReadSignature(body) is { } single ? [single] : null;
        }

        MetadataSignature?[] read = listed.ValueKind == JsonValueKind.Array ? [.. listed.EnumerateArray().Select(ReadSignature)] : [];
        return read.Contains(null) ? null : [.. read.OfType<MetadataSignature>()];
    }

    private static MetadataSignature? ReadSignature(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty("keyid", out JsonElement keyId) && keyId.ValueKind == JsonValueKind.String
        && element.TryGetProperty("sig", out JsonElement signature) && signature.ValueKind == JsonValueKind.String
            ? new(keyId.GetString()!, signature.GetString()!)
            : null;

    private static PendingView View(PendingPublication pending, bool withMetadata) => new()
    {
        Id = pending.Id,
        CreatedAt = pending.Created,
        Version = pending.Version,
        Expires = pending.Expires,
        Threshold = pending.Threshold,
        SignedBy = pending.SignedBy,
        Signers = pending.Signers,
        Files = [.. pending.Added.Select(file => new PendingFileView(file.Path, file.Length, file.Sha256!))],
        Channels = [.. pending.Channels.Select(channel => new PendingChannelView(channel.Channel, channel.Release, channel.Candidate?.Release))],
        Metadata = withMetadata ? Encoding.UTF8.GetString(pending.Metadata.Span) : null,
    };
}
