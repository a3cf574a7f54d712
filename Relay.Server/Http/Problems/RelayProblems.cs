using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Relay.Server.Http.Problems;

/// <summary>RFC 9457 problem+json, and the problems of requests as such. The type is stable and for programs; the detail tells people
/// what to do.</summary>
internal static class RelayProblems
{
    /// <summary>The member of a 500 that names the request in the relay's log.</summary>
    public const string RequestIdMember = "requestId";

    private const string TypePrefix = "urn:relay:problem:";

    /// <param name="refusal">Why the key or token of the request is not valid; null where there is none.</param>
    public static ProblemHttpResult Unauthorized(string? refusal = null) => Problem(
        401, "unauthorized",
        refusal
            ?? "Send an API key as 'Authorization: Bearer <key>', or the signature of an enrolled node where nodes may ask. The relay showed the " +
                "first admin key at its first start.");

    /// <param name="roles">The roles of keys that may send the request; empty for a route that no key may use.</param>
    public static ProblemHttpResult Forbidden(IReadOnlyList<string> roles) => Problem(
        403, "forbidden",
        roles.Count > 0
            ? $"The role of this key or token does not cover the request: use a key of role {string.Join(" or ", roles)}."
            : "No API key may use this route.");

    public static ProblemHttpResult NotFound() => Problem(404, "not-found", "There is nothing under this path.");

    public static ProblemHttpResult MalformedRequest(string detail) => Problem(400, "malformed-request", detail);

    /// <param name="unknown">The names that the caller sent.</param>
    /// <param name="known">The names that the route has.</param>
    public static ProblemHttpResult UnknownParameters(IReadOnlyList<string> unknown, IReadOnlyList<string> known) => Problem(
        400, "unknown-parameter",
        $"This route has no parameter {string.Join(", ", unknown.Select(name => $"'{name}'"))}; it has "
            + $"{(known.Count == 0 ? "none" : string.Join(", ", known))}. Correct the name, or leave it out.",
        new() { ["unknown"] = unknown, ["parameters"] = known });

    /// <param name="expected">What the filter takes.</param>
    public static ProblemHttpResult InvalidFilter(string name, string expected) => Problem(
        400, "invalid-filter", $"The filter '{name}' takes {expected}. Correct it, or leave it out.", new() { ["filter"] = name });

    public static ProblemHttpResult MalformedJson(string detail) => Problem(400, "malformed-json", detail);

    public static ProblemHttpResult ContentDigest() => Problem(
        400, "content-digest", "The body is not the one of the header Content-Digest: it was altered or cut on its way.");

    public static ProblemHttpResult TooManyRequests() => Problem(
        429, "too-many-requests", "Too many requests from this node or address: wait a second.");

    public static ProblemHttpResult DiskFull() => Problem(
        507, "disk-full", "The disk of the relay is full, or nearly so, or its data folder has as much as it may: nothing more is stored. Its "
        + "operator makes room; then send this again.");

    public static ProblemHttpResult UploadsBusy() => Problem(
        503, "busy", "As many uploads arrive as the relay takes at once: send this one again after the time of the Retry-After header.");

    /// <summary>An unexpected failure. Only the log tells more, under the same request id.</summary>
    public static ProblemHttpResult Internal(string requestId) => Create(
        500, "internal",
        $"The relay failed to answer. Its log has the cause under the request id {requestId}. Nothing of this request was acknowledged.",
        RequestIdMember, requestId);

    public static ProblemHttpResult ChangedMeanwhile() => Problem(
        412, "changed-meanwhile", "Nothing was changed: it is not what your If-Match names. Read it again, and send your change with its new ETag.");

    public static ProblemHttpResult Problem(int status, string type, string detail) => Create(status, type, detail);

    /// <param name="members">More members, for programs.</param>
    public static ProblemHttpResult Problem(int status, string type, string detail, Dictionary<string, object?> members)
    {
        ProblemHttpResult problem = Create(status, type, detail);
        foreach ((string name, object? value) in members)
        {
            problem.ProblemDetails.Extensions[name] = value;
        }

        return problem;
    }

    /// <summary>The end of a type that the contracts name whole.</summary>
    public static string ShortType(string type) => type[TypePrefix.Length..];

    /// <summary>A body that is well-formed and invalid.</summary>
    /// <param name="errors">What the relay expects, by JSON path.</param>
    public static ProblemHttpResult Invalid(string type, string detail, Dictionary<string, string> errors) =>
        Create(422, type, detail, "errors", errors);

    /// <summary>The problem of an answer that a middleware gave as a bare status code.</summary>
    public static ProblemHttpResult FromStatusCode(int status, string requestId) => status switch
    {
        404 => NotFound(),
        405 => Problem(status, "method-not-allowed", "This path does not take this method; the Allow header lists what it takes."),
        408 => Problem(status, "too-slow", "The request's body came too slowly."),
        413 => Problem(status, "too-large", "The request's body is larger than this route takes."),
        415 => Problem(status, "unsupported-media-type", "Send the body as 'Content-Type: application/json'."),
        416 => Problem(status, "range-not-satisfiable", "The range lies outside of the file."),
        >= 500 => Internal(requestId),
        _ => Problem(status, "malformed-request", "This route does not take this request."),
    };

    private static ProblemHttpResult Create(int status, string type, string detail, string? member = null, object? value = null)
    {
        ProblemDetails problem = new() { Status = status, Type = TypePrefix + type, Title = TitleFor(type), Detail = detail };
        if (member is not null)
        {
            problem.Extensions[member] = value;
        }

        return TypedResults.Problem(problem);
    }

    /// <summary>"unknown-model" becomes "Unknown model".</summary>
    private static string TitleFor(string type) => char.ToUpperInvariant(type[0]) + type[1..].Replace('-', ' ');
}
