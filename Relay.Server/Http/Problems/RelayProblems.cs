using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Relay.Server.Http.Problems;

/// <summary>Errors as RFC 9457 problem+json. The type is stable and for programs; the detail says what to do.</summary>
internal static class RelayProblems
{
    private const string TypePrefix = "urn:relay:problem:";

    public static ProblemHttpResult Unauthorized() => Problem(
        401, "unauthorized", "Send the admin key as 'Authorization: Bearer <key>'. It was shown at the relay's first start.");

    public static ProblemHttpResult Forbidden() => Problem(
        403, "forbidden", "This key's scope does not cover the request: use an admin key.");

    public static ProblemHttpResult NotFound() => Problem(404, "not-found", "There is nothing under this path.");

    public static ProblemHttpResult MalformedRequest(string detail) => Problem(400, "malformed-request", detail);

    public static ProblemHttpResult MalformedJson(string detail) => Problem(400, "malformed-json", detail);

    public static ProblemHttpResult Internal() => Problem(
        500, "internal", "The relay failed to answer; its log says why. Nothing of this request was acknowledged.");

    public static ProblemHttpResult Problem(int status, string type, string detail) => TypedResults.Problem(
        new ProblemDetails { Status = status, Type = TypePrefix + type, Title = TitleOf(type), Detail = detail });

    /// <summary>A body that is well-formed and wrong.</summary>
    /// <param name="faults">What was expected, by JSON path.</param>
    public static ProblemHttpResult Invalid(string type, string detail, Dictionary<string, string> faults) => TypedResults.Problem(
        new ProblemDetails
        {
            Status = 422, Type = TypePrefix + type, Title = TitleOf(type), Detail = detail,
            Extensions = { ["errors"] = faults },
        });

    /// <summary>The problem of an answer that a middleware gave as a bare status.</summary>
    public static ProblemHttpResult OfStatus(int status) => status switch
    {
        404 => NotFound(),
        405 => Problem(status, "method-not-allowed", "This path does not take this method; the Allow header lists what it takes."),
        408 => Problem(status, "too-slow", "The request's body came too slowly."),
        413 => Problem(status, "too-large", "The request's body is larger than this route takes."),
        415 => Problem(status, "unsupported-media-type", "Send the body as 'Content-Type: application/json'."),
        416 => Problem(status, "range-not-satisfiable", "The range lies outside of the file."),
        >= 500 => Internal(),
        _ => Problem(status, "malformed-request", "The request is not one that this route takes."),
    };

    /// <summary>"unknown-model" becomes "Unknown model".</summary>
    private static string TitleOf(string type) => char.ToUpperInvariant(type[0]) + type[1..].Replace('-', ' ');
}
