using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Problems;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Access;

/// <summary>API keys: who has one, for what, and until when.</summary>
internal static partial class ApiKeyEndpoints
{
    private const int MaximumName = 100;
    private const int DefaultOverlapMinutes = 24 * 60;
    private const int MaximumOverlapMinutes = 30 * 24 * 60;

    public static IEndpointRouteBuilder MapApiKeys(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder keys = app.MapGroup(Routes.ApiKeys).RequireAuthorization(AccessPolicies.Admin);
        keys.MapGet("", List).WithSummary("Lists API keys, without their text");
        keys.MapPost("", Create).WithSummary("Makes an API key, which is shown once");
        keys.MapPost("{id}/rotate", Rotate).WithSummary("Replaces an API key by a new one");
        keys.MapDelete("{id}", Revoke).WithSummary("Revokes an API key");
        return app;
    }

    private static Results<Ok<Page<ApiKeyView>>, ProblemHttpResult> List(
        ApiKeyStore keys, string? role, string? state, string? owner, string? cursor, int? limit)
    {
        if ((Filters.CheckWord(nameof(role), role, AccessPolicies.RoleNames)
            ?? Filters.CheckWord(nameof(state), state, StoredApiKey.Valid, StoredApiKey.Expired, StoredApiKey.Revoked)
            ?? Filters.CheckText(nameof(owner), owner, MaximumName)) is { } problem)
        {
            return problem;
        }

        return TypedResults.Ok(Paging.Scan<ApiKeyView>(
            limit,
            (after, count) => keys.List(after?.Id ?? cursor, count),
            key => (role is null || key.Role == role) && (state is null || key.State == state) && (owner is null || key.Owner == owner),
            key => key.Id));
    }

    private static Results<Created<ApiKeyIssued>, ProblemHttpResult> Create(
        ApiKeyRequest request, ApiKeyStore keys, TimeProvider timeProvider, ILoggerFactory loggers, ClaimsPrincipal user, HttpResponse response)
    {
        Dictionary<string, string> errors = [];
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > MaximumName || !DisplayText.IsPlain(request.Name))
        {
            errors["$.name"] = $"Expected who or what uses the key, in one line of at most {MaximumName} characters.";
        }

        if (request.Owner is { } owner && (owner.Length is 0 or > MaximumName || owner.Trim() != owner || !DisplayText.IsPlain(owner)))
        {
            errors["$.owner"] =
                $"Expected the person whose key it is, in one line of at most {MaximumName} characters without blanks at its ends, or none.";
        }

        ApiKeyRole? role = AccessPolicies.RoleNamed(request.Role);
        if (role is null)
        {
            errors["$.role"] = $"Expected one of {string.Join(", ", AccessPolicies.RoleNames)}.";
        }

        if (request.ExpiresAt <= timeProvider.GetUtcNow())
        {
            errors["$.expiresAt"] = "Expected an instant to come, such as 2030-01-31T12:00:00Z, or none for a key that does not expire.";
        }

        if (errors.Count > 0)
        {
            return ApiKeyProblems.InvalidApiKey(errors);
        }

        Result<ApiKeyIssued, ApiKeyRefusal> result = keys.Create(request.Name, role!.Value, request.ExpiresAt, request.Owner);
        if (result.Value is not { } issued)
        {
            return Describe(result.Refusal!);
        }

        LogCreated(Log(loggers), issued.Key.Id, issued.Key.Role, issued.Key.Name, issued.Key.Owner ?? "none", KeyOf(user));
        AuditNotes.Add(response.HttpContext, "name", issued.Key.Name);
        AuditNotes.Add(response.HttpContext, "role", issued.Key.Role);
        return TypedResults.Created($"{Routes.ApiKeys}/{issued.Key.Id}", Once(issued, response));
    }

    private static Results<Ok<ApiKeyIssued>, ProblemHttpResult> Rotate(
        string id, ApiKeyRotation? request, ApiKeyStore keys, ILoggerFactory loggers, ClaimsPrincipal user, HttpResponse response)
    {
        int minutes = request?.OverlapMinutes ?? DefaultOverlapMinutes;
        if (minutes is < 0 or > MaximumOverlapMinutes)
        {
            return ApiKeyProblems.InvalidApiKey(
                new() { ["$.overlapMinutes"] = $"Expected 0, which ends the old key at once, to {MaximumOverlapMinutes}." });
        }

        Result<ApiKeyIssued, ApiKeyRefusal> result = keys.Rotate(id, TimeSpan.FromMinutes(minutes));
        if (result.Value is not { } issued)
        {
            return Describe(result.Refusal!);
        }

        LogRotated(Log(loggers), id, issued.Key.Id, minutes, KeyOf(user));
        AuditNotes.Add(response.HttpContext, "replaced by", issued.Key.Id);
        return TypedResults.Ok(Once(issued, response));
    }

    private static Results<NoContent, ProblemHttpResult> Revoke(string id, ApiKeyStore keys, ILoggerFactory loggers, ClaimsPrincipal user)
    {
        if (keys.Revoke(id) is { } refusal)
        {
            return Describe(refusal);
        }

        LogRevoked(Log(loggers), id, KeyOf(user));
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Describe(ApiKeyRefusal refusal) => refusal.Reason switch
    {
        ApiKeyRefusalReason.Unknown => ApiKeyProblems.UnknownApiKey(refusal.Detail),
        ApiKeyRefusalReason.LastAdminKey => ApiKeyProblems.LastAdminKey(refusal.Detail),
        ApiKeyRefusalReason.TooMany => ApiKeyProblems.TooManyApiKeys(refusal.Detail),
        _ => ApiKeyProblems.ApiKeyEnded(refusal.Detail),
    };

    /// <summary>The answer has the key, which no cache may keep.</summary>
    private static ApiKeyIssued Once(ApiKeyIssued issued, HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        return issued;
    }

    private static string KeyOf(ClaimsPrincipal user) => user.FindFirstValue(ApiKeyAuthentication.KeyClaim) ?? "";

    private static ILogger Log(ILoggerFactory loggers) => loggers.CreateLogger(typeof(ApiKeyEndpoints));

    [LoggerMessage(1010, LogLevel.Warning, "API key {Id} of role {Role} was made for '{Name}', owner '{Owner}', by key {By}")]
    private static partial void LogCreated(ILogger log, string id, string role, string name, string owner, string by);

    [LoggerMessage(1011, LogLevel.Warning, "API key {Id} is replaced by {Successor} and ends in {Minutes} minutes, by key {By}")]
    private static partial void LogRotated(ILogger log, string id, string successor, int minutes, string by);

    [LoggerMessage(1012, LogLevel.Warning, "API key {Id} was revoked, by key {By}")]
    private static partial void LogRevoked(ILogger log, string id, string by);
}
