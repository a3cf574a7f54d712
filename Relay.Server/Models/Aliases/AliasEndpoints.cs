using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Shared.Contracts.Api;

namespace Relay.Server.Models.Aliases;

/// <summary>Aliases: names for versions that people and programs ask by, and what they named before.</summary>
internal static class AliasEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder aliases = app.MapGroup(Routes.Models + "/{name}/aliases");
        RouteGroupBuilder read = aliases.MapGroup("").RequireAuthorization(AccessPolicies.Audit);
        read.MapGet("", List).WithSummary("Lists the aliases of a model, each with the version that it names");
        read.MapGet("{alias}", Find).WithSummary("Reads which version an alias names, or named at a time");
        read.MapGet("{alias}/history", ListChanges).WithSummary("Lists the changes of an alias, the newest first");
        RouteGroupBuilder change = aliases.MapGroup("").RequireAuthorization(AccessPolicies.Operate);
        change.MapPut("{alias}", Set).WithSummary("Sets an alias to a version, and makes it where there is none");
        change.MapDelete("{alias}", Delete).WithSummary("Deletes an alias; its history stays");
    }

    private static Results<Ok<Page<AliasView>>, ProblemHttpResult> List(
        string name, int? version, string? cursor, int? limit, ModelStore models, AliasStore aliases,
        RepositoryCache repository, ApprovalService approvals)
    {
        if (!models.Exists(name))
        {
            return ModelProblems.UnknownModel(name);
        }

        int size = Paging.Limit(limit);
        HashSet<string> revoked = ReadRevoked(repository, approvals);
        return TypedResults.Ok(Paging.ToPage(
            [.. aliases.List(name, version, cursor, size + 1).Select(alias => View(name, alias, revoked))], size, alias => alias.Alias));
    }

    /// <param name="at">The time of the question; null: now.</param>
    private static Results<Ok<AliasView>, ProblemHttpResult> Find(
        string name, string alias, DateTimeOffset? at, AliasStore aliases, RepositoryCache repository, ApprovalService approvals,
        TimeProvider timeProvider)
    {
        if (at > timeProvider.GetUtcNow())
        {
            return AliasProblems.FutureTime();
        }

        StoredAlias? found = at is { } time ? aliases.FindAt(name, alias, time) : aliases.Find(name, alias);
        return found is not null ? TypedResults.Ok(View(name, found, ReadRevoked(repository, approvals)))
            : at is { } then && aliases.ListChanges(name, alias, cursor: null, limit: 1).Count > 0 ? AliasProblems.NamedNothing(name, alias, then)
            : AliasProblems.UnknownAlias(name, alias);
    }

    private static Results<Ok<Page<AliasChange>>, ProblemHttpResult> ListChanges(
        string name, string alias, long? cursor, int? limit, AliasStore aliases)
    {
        int size = Paging.Limit(limit);
        IReadOnlyList<AliasChange> found = aliases.ListChanges(name, alias, cursor, size + 1);
        return found.Count == 0 && aliases.ListChanges(name, alias, cursor: null, limit: 1).Count == 0
            ? AliasProblems.UnknownAlias(name, alias)
            : TypedResults.Ok(Paging.ToPage(found, size, change => change.Id.ToString(CultureInfo.InvariantCulture)));
    }

    private static Results<Ok<AliasView>, ProblemHttpResult> Set(
        string name, string alias, AliasRequest request, VersionStore versions, AliasStore aliases, RepositoryCache repository,
        ApprovalService approvals, ClaimsPrincipal user, HttpContext context)
    {
        if (!AliasName.IsValid(alias))
        {
            return AliasProblems.InvalidAlias(AliasName.Latest);
        }

        if (versions.Find(name, request.Version) is not { } version)
        {
            return ModelProblems.UnknownVersion(name, request.Version);
        }

        HashSet<string> revoked = ReadRevoked(repository, approvals);
        if (revoked.Contains(version.View.Sha256))
        {
            return AliasProblems.RevokedVersion(name, request.Version);
        }

        AuditNotes.Add(context, "version", request.Version.ToString(CultureInfo.InvariantCulture));
        if (aliases.Set(name, alias, request.Version, ApiKeyAuthentication.FindKey(user)) is null)
        {
            return ModelProblems.UnknownVersion(name, request.Version);
        }

        // Another request may have changed it in this moment: the answer is what it names now.
        return aliases.Find(name, alias) is { } set ? TypedResults.Ok(View(name, set, revoked)) : AliasProblems.UnknownAlias(name, alias);
    }

    private static Results<NoContent, ProblemHttpResult> Delete(string name, string alias, AliasStore aliases, ClaimsPrincipal user) =>
        aliases.Delete(name, alias, ApiKeyAuthentication.FindKey(user)) ? TypedResults.NoContent() : AliasProblems.UnknownAlias(name, alias);

    private static AliasView View(string model, StoredAlias alias, HashSet<string> revoked) => new()
    {
        Model = model,
        Alias = alias.Alias,
        Version = alias.Version,
        SetAt = alias.SetAt,
        SetBy = alias.SetBy,
        Revoked = revoked.Contains(alias.Sha256),
    };

    /// <summary>The digests that the signed policy revokes, or will once people have signed it.</summary>
    private static HashSet<string> ReadRevoked(RepositoryCache repository, ApprovalService approvals) =>
    [
        .. repository.Read().Policy.Revoked,
        .. approvals.List().SelectMany(publication => publication.Policy?.Revoked ?? []),
    ];
}
