using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Keys.Signers;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Shared.Contracts.Json;

namespace Relay.Server.Http.Problems;

/// <summary>Turns an exception into problem+json. The answer tells nothing of the program's inside: an unexpected exception goes to the
/// log, under the request id that the answer names.</summary>
/// <param name="meter">Counts signatures that fail; null: no one does.</param>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> log, SigningMeter? meter = null) : IExceptionHandler
{
    private static readonly TimeSpan MostAfterBody = TimeSpan.FromMilliseconds(200);

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (await IsOfClientAsync(context, exception))
        {
            // No fault of the relay, and any client could fill the log.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            context.Abort();
            return true;
        }

        if (exception is SigningException)
        {
            meter?.CountFailure(SigningMeter.Request, exception);
        }

        ProblemHttpResult problem = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => RelayProblems.MalformedJson($"At {JsonErrorText.Describe(json)}"),
            BadHttpRequestException { StatusCode: 400 } bad => RelayProblems.MalformedRequest(Describe(bad)),
            BadHttpRequestException { StatusCode: < 500 } bad => RelayProblems.FromStatusCode(bad.StatusCode, context.TraceIdentifier),
            SigningException unavailable => LogAndAnswer(context, exception, RelayProblems.Problem(503, "signing-unavailable", unavailable.Message)),
            SampleFileException missing => LogAndAnswer(context, exception, RelayProblems.Problem(503, "dataset-unavailable", missing.Message)),
            _ when DatabaseErrors.IsUnstorableText(exception) => RelayProblems.MalformedRequest(
                "A text of the request holds the character U+0000, which the relay's database has no place for."),
            _ when DatabaseErrors.IsUnavailable(exception) => LogAndAnswer(context, exception, RelayProblems.Problem(
                503, "database-unavailable", "The relay's database takes nothing now, and nothing was stored: send the request again later.")),
            UncertainCommitException => LogAndAnswer(context, exception, RelayProblems.Problem(
                500, "outcome-unknown", "The relay lost its database while it committed the request, which may have taken effect or not: look " +
                    "before you send it again.")),
            _ => LogAndAnswer(context, exception, RelayProblems.Internal(context.TraceIdentifier)),
        };
        await problem.ExecuteAsync(context);
        return true;
    }

    /// <summary>True when the client went away, by itself or with its network.</summary>
    private static async Task<bool> IsOfClientAsync(HttpContext context, Exception exception)
    {
        // A body of HTTP/2 that ends so fails as a disk does, a moment before the request is known to be over.
        if (exception.GetType() == typeof(IOException))
        {
            await Task.Delay(MostAfterBody, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return context.RequestAborted.IsCancellationRequested;
        }

        return exception is ConnectionResetException or ConnectionAbortedException;
    }

    private ProblemHttpResult LogAndAnswer(HttpContext context, Exception exception, ProblemHttpResult problem)
    {
        // The route and not the path, which the caller chose and which may hold a line break.
        Endpoint? endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        string route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "no route";
        LogFailed(exception, context.TraceIdentifier, context.Request.Method, route);
        return problem;
    }

    private static string Describe(BadHttpRequestException bad) => UnboundParameter().Match(bad.Message) is { Success: true } unbound
        ? $"The parameter '{unbound.Groups[1].Value}' cannot be '{unbound.Groups[2].Value}'."
        : bad.Message.StartsWith("Implicit body inferred", StringComparison.Ordinal) ? "The body is empty or null: send what this route takes."
        : bad.Message;

    [LoggerMessage(1003, LogLevel.Error, "Request {RequestId} failed: {Method} {Route}")]
    private partial void LogFailed(Exception exception, string requestId, string method, string route);

    [GeneratedRegex("^Failed to bind parameter \"\\S+ (\\w+)\" from \"(.*)\"", RegexOptions.Singleline)]
    private static partial Regex UnboundParameter();
}
