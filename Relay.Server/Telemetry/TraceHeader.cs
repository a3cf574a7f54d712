using System.Diagnostics;

namespace Relay.Server.Telemetry;

/// <summary>Gives each answer the id of its trace, in the form in which browsers and tools read it.</summary>
internal static class TraceHeader
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Activity.Current is { Recorded: true, Id: { } id })
        {
            // When the answer begins: the handler of exceptions removes all headers that were set before it.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["Server-Timing"] = $"traceparent;desc=\"{id}\"";
                return Task.CompletedTask;
            });
        }

        return next(context);
    }
}
