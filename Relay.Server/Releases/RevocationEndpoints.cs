using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Publishing;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Releases;

internal static class RevocationEndpoints
{
    private const int MaximumReason = 500;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost($"{Routes.Models}/{{name}}/versions/{{version:int}}/revoke", Revoke)
            .WithSummary("Revokes a version: no node runs it any more").RequireAuthorization(AccessPolicies.Operate);
        app.MapGet(Routes.Revocations, List).WithSummary("Lists revocations").RequireAuthorization(AccessPolicies.Audit);
    }

    /// <summary>Idempotent: a second request changes nothing.</summary>
    private static async Task<Results<Ok<RevocationView>, Accepted<PendingNotice>, ProblemHttpResult>> Revoke(
        string name, int version, RevocationRequest? request, VersionStore versions, RepositoryCache repository, PolicyPublisher policy,
        ApprovalService approvals, RevocationStore revocations, RevocationMonitor monitor, HttpContext context, CancellationToken cancellationToken)
    {
        // The reason is shown to operators and approvers, and written to the log.
        if (request?.Reason is { } reason && (reason.Length > MaximumReason || !DisplayText.IsPlain(reason)))
        {
            return ReleaseProblems.InvalidRevocationReason(MaximumReason);
        }

        if (versions.Find(name, version) is not { } found)
        {
            return ModelProblems.UnknownVersion(name, version);
        }

        AuditNotes.Add(context, "reason", request?.Reason ?? "none given");

        // Before the policy is signed, so that no kill in between loses the reason.
        revocations.Add(found.Card, request?.Reason);
        if (await policy.RevokeAsync([found.Card.Sha256], cancellationToken) is { } pending)
        {
            return TypedResults.Accepted($"{Routes.Pending}/{pending}", new PendingNotice(pending));
        }

        monitor.Check();
        return TypedResults.Ok(Revocation.Describe(
            repository.Read(), revocations.List().Single(stored => stored.Sha256 == found.Card.Sha256), approvals.List()));
    }

    private static Results<Ok<Page<RevocationView>>, ProblemHttpResult> List(
        RepositoryCache repository, RevocationStore revocations, ApprovalService approvals, string? model, string? cursor, int? limit)
    {
        if (Filters.CheckName(nameof(model), model) is { } problem)
        {
            return problem;
        }

        IEnumerable<RevocationView> all = Revocation.List(repository.Read(), revocations.List(), approvals.List());
        return TypedResults.Ok(Paging.Slice(
            [.. all.Where(revoked => model is null || revoked.Name == model)], cursor, limit, revoked => revoked.Sha256));
    }
}
