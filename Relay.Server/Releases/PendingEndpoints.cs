using System.Diagnostics;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Repository.Pending;
using Relay.Training.Gates;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Releases;

/// <summary>Publications that wait for signatures of keys which the relay does not hold.</summary>
internal static partial class PendingEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder pending = app.MapGroup(Routes.Pending);
        pending.MapGet("", List).WithSummary("Lists publications that wait for signatures").RequireAuthorization(AccessPolicies.Audit);
        pending.MapGet("/{id}", Find).WithSummary("Reads a waiting publication with its documents").RequireAuthorization(AccessPolicies.Audit);
        pending.MapPost("/{id}/signatures", Sign)
            .WithSummary("Adds a signature to a waiting publication").RequireAuthorization(AccessPolicies.Approve);
        pending.MapDelete("/{id}", Drop).WithSummary("Drops a waiting publication").RequireAuthorization(AccessPolicies.Operate);
    }

    /// <param name="channel">One that the publication changes.</param>
    private static Results<Ok<Page<PendingView>>, ProblemHttpResult> List(
        ApprovalService approvals, PendingViews views, string? channel, string? cursor, int? limit)
    {
        if (Filters.CheckName(nameof(channel), channel) is { } problem)
        {
            return problem;
        }

        Page<PendingPublication> page = Paging.Slice(
            [.. approvals.List().Where(pending => channel is null || pending.Channels.Any(changed => changed.Channel == channel))],
            cursor, limit, pending => pending.Id);
        return TypedResults.Ok(new Page<PendingView>([.. page.Items.Select(pending => views.Create(pending, isWhole: false))], page.Next));
    }

    private static Results<Ok<PendingView>, ProblemHttpResult> Find(string id, ApprovalService approvals, PendingViews views) =>
        approvals.Find(id) is { } found
            ? TypedResults.Ok(views.Create(found, isWhole: true))
            : ReleaseProblems.UnknownPending(id);

    private static async Task<Results<Ok<PendingProgress>, ProblemHttpResult>> Sign(
        string id, JsonElement body, ApprovalService approvals, RevocationMonitor monitor, TwoPeopleRule twoPeople,
        VersionSteps steps, ClaimsPrincipal user, HttpContext context, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (ReadSignatures(body) is not { Count: > 0 } signatures)
        {
            return ReleaseProblems.InvalidSignature();
        }

        string? key = ApiKeyAuthentication.FindKey(user);
        PendingPublication? waiting = approvals.Find(id);
        ModelVersion[] versions = waiting is null ? [] : VersionsOf(waiting);
        if (waiting is not null && twoPeople.FindError(versions, key, waiting.ProposedBy) is { } error)
        {
            return ReleaseProblems.TwoPeople(error);
        }

        Result<Approval, ApprovalRefusal> result = await approvals.SignAsync(id, signatures, cancellationToken);
        if (result.IsAccepted)
        {
            steps.Add(versions, VersionSteps.Signed, key, id);
            ILogger logger = loggers.CreateLogger(typeof(PendingEndpoints));
            foreach ((string gate, string reason) in ReadAccepted(body))
            {
                LogAccepted(logger, signatures[0].KeyId, id, gate, reason);
                AuditNotes.Add(context, $"accepted {gate}", reason);
            }
        }

        if (result.Value is { Published: true })
        {
            monitor.Check();
        }

        return result switch
        {
            { Refusal.Reason: ApprovalRefusalReason.UnknownPublication } => ReleaseProblems.UnknownPending(id),
            { Refusal: { } refusal } => ReleaseProblems.SignatureRefused(refusal.Detail),
            { Value: { Publication: { } signed } approval } => TypedResults.Ok(
                new PendingProgress(signed.Id, approval.Published, signed.Threshold, signed.SignedBy)),
            _ => throw new UnreachableException(),
        };
    }

    private static ModelVersion[] VersionsOf(PendingPublication publication) =>
    [
        .. publication.Added.Select(file => file.Label)
            .Where(label => label is not null)
            .Select(label => new ModelVersion(label!.Model, label.Version))
            .Distinct(),
    ];

    // Which gates a signer accepted is for those who ask later; what it may not name is left out.
    private static IEnumerable<(string Gate, string Reason)> ReadAccepted(JsonElement body)
    {
        if (!body.TryGetProperty("accept", out JsonElement listed) || listed.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (JsonElement one in listed.EnumerateArray().Take(GateAcceptances.GateNames.Count))
        {
            if (one.ValueKind == JsonValueKind.Object
                && one.TryGetProperty("gate", out JsonElement gate) && gate.ValueKind == JsonValueKind.String
                && one.TryGetProperty("reason", out JsonElement reason) && reason.ValueKind == JsonValueKind.String
                && GateAcceptances.FindError(gate.GetString()!, reason.GetString()) is null)
            {
                yield return (gate.GetString()!, reason.GetString()!);
            }
        }
    }

    [LoggerMessage(1315, LogLevel.Warning, "The signer {Key} of the publication {Id} accepted that the gate {Gate} failed: {Reason}")]
    private static partial void LogAccepted(ILogger logger, string key, string id, string gate, string reason);

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
}
