using System.Diagnostics;

namespace Relay.Server.Telemetry;

/// <summary>Gives each answer the id of its trace, in the form in which browsers and tools read it.</summary>
internal static class TraceHeader
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Activity.Current is { Recorded: true, Id: { } id })
        {
            context.Response.Headers["Server-Timing"] = $"traceparent;desc=\"{id}\"";
        }

        return next(context);
    }
}
