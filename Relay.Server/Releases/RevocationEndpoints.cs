using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Shared.Contracts.Api;

namespace Relay.Server.Releases;

internal static partial class RevocationEndpoints
{
    private const int MaximumReason = 500;

    public static void Map(IEndpointRouteBuilder app) => app
        .MapPost($"{Routes.Models}/{{name}}/versions/{{version:int}}/revoke", Revoke)
        .RequireAuthorization(AccessPolicies.Admin);

    /// <summary>Idempotent: a second request changes nothing.</summary>
    private static async Task<Results<Ok<RevocationView>, Accepted<PendingNotice>, ProblemHttpResult>> Revoke(
        string name, int version, RevocationRequest? request, VersionStore versions, RepositoryCache repository,
        PolicyPublisher policy, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // The reason is written to the log and must not add lines to it.
        if (request?.Reason is { } reason && (reason.Length > MaximumReason || reason.Any(char.IsControl)))
        {
            return ReleaseProblems.InvalidRevocationReason(MaximumReason);
        }

        if (versions.Find(name, version) is not { } found)
        {
            return ModelProblems.UnknownVersion(name, version);
        }

        if (await policy.RevokeAsync([found.Card.Sha256], cancellationToken) is { } pending)
        {
            return TypedResults.Accepted($"{Routes.Pending}/{pending}", new PendingNotice(pending));
        }

        LogRevoked(loggers.CreateLogger(typeof(RevocationEndpoints)), name, version, found.Card.Sha256, request?.Reason ?? "none given");
        return TypedResults.Ok(Revocation.Describe(repository.Read(), found.Card));
    }

    [LoggerMessage(1310, LogLevel.Warning, "{Model} {Version} with SHA-256 {Digest} is revoked; reason: {Reason}")]
    private static partial void LogRevoked(ILogger log, string model, int version, string digest, string reason);
}
