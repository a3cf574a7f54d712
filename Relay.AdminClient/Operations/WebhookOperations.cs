using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>Events for other programs, which the relay sends.</summary>
public sealed class WebhookOperations
{
    private readonly RelayTransport _transport;

    internal WebhookOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists webhooks, without their secrets.</summary>
    [RelayOperation("GET", "/v1/webhooks")]
    public IAsyncEnumerable<WebhookView> ListAsync(WebhookQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.Webhooks : query.ToPath(Routes.Webhooks), RelayApiJson.Default.PageWebhookView, cancellationToken);

    /// <summary>Reads a webhook, with its last delivery and what waits.</summary>
    [RelayOperation("GET", "/v1/webhooks/{id}")]
    public Task<WebhookView> FindAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.WebhookOf(id), RelayApiJson.Default.WebhookView, cancellationToken);

    /// <summary>Makes a webhook, whose secret is shown once.</summary>
    [RelayOperation("POST", "/v1/webhooks")]
    public Task<WebhookCreated> CreateAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, Routes.Webhooks, request, RelayApiJson.Default.WebhookRequest, RelayApiJson.Default.WebhookCreated,
            cancellationToken);

    /// <summary>Deletes a webhook.</summary>
    [RelayOperation("DELETE", "/v1/webhooks/{id}")]
    public Task DeleteAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.WebhookOf(id), cancellationToken);

    /// <summary>Pauses a webhook: its events wait.</summary>
    [RelayOperation("POST", "/v1/webhooks/{id}/pause")]
    public Task PauseAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, $"{Routes.WebhookOf(id)}/pause", cancellationToken);

    /// <summary>Ends the pause of a webhook.</summary>
    [RelayOperation("POST", "/v1/webhooks/{id}/resume")]
    public Task ResumeAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, $"{Routes.WebhookOf(id)}/resume", cancellationToken);

    /// <summary>Sends a test event to a webhook, and answers with what became of it.</summary>
    [RelayOperation("POST", "/v1/webhooks/{id}/test")]
    public Task<WebhookDelivery> TestAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, $"{Routes.WebhookOf(id)}/test", RelayApiJson.Default.WebhookDelivery, cancellationToken);

    /// <summary>Lists the events of the last 30 days, the oldest first.</summary>
    [RelayOperation("GET", "/v1/webhooks/events")]
    public IAsyncEnumerable<WebhookEvent> ListEventsAsync(WebhookEventQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.WebhookEvents : query.ToPath(Routes.WebhookEvents), RelayApiJson.Default.PageWebhookEvent, cancellationToken);
}
