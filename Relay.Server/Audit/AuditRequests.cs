using Microsoft.Net.Http.Headers;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Audit;

/// <summary>Enters each request with an API key that may change something: before the relay does it, so that no change is without an entry, and
/// its answer before the caller has it. A request that cannot be entered is not done.</summary>
internal sealed partial class AuditRequests(AuditLog audit, ILogger<AuditRequests> log)
{
    private const int MaximumSubject = 500;
    private const string Location = "location";

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (ChangeRequests.FindKey(context) is not { } key)
        {
            return next(context);
        }

        AuditRecord request = Describe(context, AuditEntry.Request, key);
        long sequence = audit.Append(request);
        context.Response.OnStarting(() =>
        {
            EnterAnswer(context, request, sequence);
            return Task.CompletedTask;
        });
        return next(context);
    }

    public static AuditRecord Describe(HttpContext context, string kind, string key) => new(
        kind, AuditRecord.ActorOfKey(key),
        $"{context.Request.Method} /{(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.Trim('/')}", SubjectOf(context.Request));

    private static string SubjectOf(HttpRequest request)
    {
        string subject = DisplayText.Escape($"{request.Path}{request.QueryString}");
        return subject.Length > MaximumSubject ? subject[..MaximumSubject] : subject;
    }

    // The change is done: an answer that cannot be entered is still the right answer.
    private void EnterAnswer(HttpContext context, AuditRecord request, long sequence)
    {
        try
        {
            if (context.Response.Headers[HeaderNames.Location].FirstOrDefault() is { } location)
            {
                AuditNotes.Add(context, Location, location);
            }

            audit.Append(request with
            {
                Kind = AuditEntry.Answer,
                AnswerTo = sequence,
                Status = context.Response.StatusCode,
                Details = AuditNotes.Read(context),
            });
        }
        catch (Exception failed)
        {
            LogNotEntered(failed, context.Response.StatusCode, sequence);
        }
    }

    [LoggerMessage(1030, LogLevel.Error, "The answer {Status} to the request of entry {Sequence} cannot be entered into the audit log")]
    private partial void LogNotEntered(Exception exception, int status, long sequence);
}
