using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Relay.Server.Hosting.Problems;

/// <summary>Turns what a handler threw into problem+json, without a word of the program's inside.</summary>
internal sealed class ExceptionProblems : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        ProblemHttpResult problem = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => RelayProblems.MalformedJson(Describe(json)),
            BadHttpRequestException { StatusCode: 400 } bad => RelayProblems.MalformedRequest(bad.Message),
            BadHttpRequestException bad => RelayProblems.OfStatus(bad.StatusCode),
            _ => RelayProblems.Internal(),
        };
        await problem.ExecuteAsync(context);
        return true;
    }

    /// <summary>Lines and columns count from 1; the column is in bytes of UTF-8.</summary>
    private static string Describe(JsonException json)
    {
        string message = json.Message.Split(" Path: ", 2)[0];
        string place = json.LineNumber is { } line ? $"line {line + 1}, column {(json.BytePositionInLine ?? 0) + 1}" : "the body";
        return $"At {place}, path {json.Path ?? "$"}: {message}";
    }
}
