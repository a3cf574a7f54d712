using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;

namespace Relay.Server.Webhooks;

/// <summary>Webhooks: who receives which events. Secrets are in the answer to a creation and nowhere else.</summary>
internal static class WebhookEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder webhooks = app.MapGroup(Routes.Webhooks);
        RouteGroupBuilder read = webhooks.MapGroup("").RequireAuthorization(AccessPolicies.Audit);
        read.MapGet("", List).WithSummary("Lists webhooks, without their secrets");
        read.MapGet("{id:long}", Find).WithSummary("Reads a webhook, with its last delivery and what waits");
        read.MapGet("events", ListEvents).WithSummary("Lists the events of the last 30 days as webhooks receive them, the oldest first");
        RouteGroupBuilder change = webhooks.MapGroup("").RequireAuthorization(AccessPolicies.Admin);
        change.MapPost("", Create).WithSummary("Makes a webhook, whose secret is shown once");
        change.MapDelete("{id:long}", Delete).WithSummary("Deletes a webhook");
        change.MapPost("{id:long}/pause", Pause).WithSummary("Pauses a webhook: its events wait");
        change.MapPost("{id:long}/resume", Resume).WithSummary("Ends the pause of a webhook: what waits is delivered");
        change.MapPost("{id:long}/test", TestAsync).WithSummary("Sends a test event to a webhook, and answers with what became of it");
    }

    private static Results<Created<WebhookCreated>, ProblemHttpResult> Create(
        WebhookRequest request, WebhookStore webhooks, WebhookConnections connections, WebhookWorker worker, ClaimsPrincipal user,
        HttpResponse response)
    {
        if (WebhookRules.Validate(request, connections) is { Count: > 0 } errors)
        {
            return WebhookProblems.Invalid(errors);
        }

        if (webhooks.Add(request, ApiKeyAuthentication.FindKey(user)) is not { } created)
        {
            return WebhookProblems.TooMany(WebhookStore.Maximum);
        }

        worker.Wake();
        AuditNotes.Add(response.HttpContext, "name", created.Webhook.Name);
        AuditNotes.Add(response.HttpContext, "host", new Uri(created.Webhook.Url).Host);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created(Routes.WebhookOf(created.Webhook.Id), created);
    }

    /// <param name="event">One that the webhook receives.</param>
    private static Results<Ok<Page<WebhookView>>, ProblemHttpResult> List(
        WebhookStore webhooks, string? state, string? @event, string? cursor, int? limit)
    {
        if ((Filters.CheckWord(nameof(state), state, WebhookView.Active, WebhookView.Paused, WebhookView.Failing)
            ?? Filters.CheckWord(nameof(@event), @event, WebhookEvents.All)) is { } problem)
        {
            return problem;
        }

        IEnumerable<WebhookView> all = webhooks.List().Select(webhooks.Describe);
        return TypedResults.Ok(Paging.Slice(
            [.. all.Where(webhook => (state is null || webhook.State == state) && (@event is null || webhook.Events.Contains(@event)))],
            cursor, limit, webhook => webhook.Id.ToString(CultureInfo.InvariantCulture)));
    }

    private static Results<Ok<WebhookView>, ProblemHttpResult> Find(long id, WebhookStore webhooks) =>
        webhooks.Find(id) is { } webhook ? TypedResults.Ok(webhooks.Describe(webhook)) : WebhookProblems.Unknown(id);

    /// <param name="after">The sequence of an event: what follows it is listed. Default: from the first that is kept.</param>
    /// <param name="cursor">The same, as other lists have it.</param>
    private static Results<Ok<Page<WebhookEvent>>, ProblemHttpResult> ListEvents(
        WebhookEventStore events, string? type, DateTimeOffset? since, long? after, long? cursor, int? limit)
    {
        if (Filters.CheckWord(nameof(type), type, WebhookEvents.All) is { } problem)
        {
            return problem;
        }

        int size = Paging.Limit(limit);
        return TypedResults.Ok(Paging.ToPage(
            events.List(type, since, Math.Max(after ?? 0, cursor ?? 0), size + 1), size, found => found.Sequence));
    }

    private static Results<NoContent, ProblemHttpResult> Delete(long id, WebhookStore webhooks) =>
        webhooks.Delete(id) ? TypedResults.NoContent() : WebhookProblems.Unknown(id);

    private static Results<NoContent, ProblemHttpResult> Pause(long id, WebhookStore webhooks) =>
        webhooks.Pause(id) ? TypedResults.NoContent() : WebhookProblems.Unknown(id);

    private static Results<NoContent, ProblemHttpResult> Resume(long id, WebhookStore webhooks, WebhookWorker worker)
    {
        if (!webhooks.Resume(id))
        {
            return WebhookProblems.Unknown(id);
        }

        worker.Wake();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<WebhookDelivery>, ProblemHttpResult>> TestAsync(
        long id, WebhookStore webhooks, WebhookEventStore events, WebhookSender sender, TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        if (webhooks.Find(id) is not { } webhook)
        {
            return WebhookProblems.Unknown(id);
        }

        WebhookEvent test = events.CreateTest(id);
        WebhookAttempt attempt = await sender.SendAsync(webhook, test, cancellationToken);
        return TypedResults.Ok(new WebhookDelivery(test.Id, timeProvider.GetUtcNow()) { Status = attempt.Status, Error = attempt.Error });
    }
}
