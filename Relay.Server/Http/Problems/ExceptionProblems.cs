using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Signing;

namespace Relay.Server.Http.Problems;

/// <summary>Turns an exception into problem+json. The answer tells nothing of the program's inside: an unexpected exception goes to the
/// log, under the request id that the answer names.</summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        ProblemHttpResult problem = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => RelayProblems.MalformedJson(Describe(json)),
            BadHttpRequestException { StatusCode: 400 } bad => RelayProblems.MalformedRequest(Describe(bad)),
            BadHttpRequestException { StatusCode: < 500 } bad => RelayProblems.FromStatusCode(bad.StatusCode, context.TraceIdentifier),
            SigningException unavailable => LogAndAnswer(context, exception, RelayProblems.Problem(503, "signing-unavailable", unavailable.Message)),
            _ => LogAndAnswer(context, exception, RelayProblems.Internal(context.TraceIdentifier)),
        };
        await problem.ExecuteAsync(context);
        return true;
    }

    private ProblemHttpResult LogAndAnswer(HttpContext context, Exception exception, ProblemHttpResult problem)
    {
        // The route and not the path, which the caller chose and which may hold a line break.
        Endpoint? endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        string route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "no route";
        LogFailed(exception, context.TraceIdentifier, context.Request.Method, route);
        return problem;
    }

    /// <summary>Lines and columns count from 1; the column is in bytes of UTF-8.</summary>
    private static string Describe(JsonException json)
    {
        string place = json.LineNumber is { } line
            ? $"line {line + 1}, column {(json.BytePositionInLine ?? 0) + 1}"
            : "the end of the body";
        return $"At {place}, path {json.Path ?? "$"}: {Reason(json.Message)}";
    }

    private static string Describe(BadHttpRequestException bad) => UnboundParameter().Match(bad.Message) is { Success: true } unbound
        ? $"The parameter '{unbound.Groups[1].Value}' cannot be '{unbound.Groups[2].Value}'."
        : bad.Message;

    /// <summary>The serializer names .NET types; the answer names JSON members.</summary>
    private static string Reason(string message)
    {
        if (UnknownMember().Match(message) is { Success: true } unknown)
        {
            return $"there is no member '{unknown.Groups[1].Value}' here.";
        }

        if (MissingMembers().Match(message) is { Success: true } missing)
        {
            return $"missing {missing.Groups[1].Value}.";
        }

        return message.Contains("could not be converted", StringComparison.Ordinal)
            || message.Contains("token type", StringComparison.Ordinal)
            ? "the value is not of the type that this member takes."
            : message.Split(" Path: ", 2)[0];
    }

    [LoggerMessage(1003, LogLevel.Error, "Request {RequestId} failed: {Method} {Route}")]
    private partial void LogFailed(Exception exception, string requestId, string method, string route);

    [GeneratedRegex("^Failed to bind parameter \"\\S+ (\\w+)\" from \"(.*)\"")]
    private static partial Regex UnboundParameter();

    [GeneratedRegex("^The JSON property '(.*)' could not be mapped")]
    private static partial Regex UnknownMember();

    [GeneratedRegex("missing required properties including: (.*?)\\.")]
    private static partial Regex MissingMembers();
}
