using System.Diagnostics.Metrics;
using Relay.Server.Telemetry;

namespace Relay.Server.Webhooks;

/// <summary>Counts attempts to deliver events.</summary>
internal sealed class WebhookMeter
{
    private const string Delivered = "delivered";
    private const string Failed = "failed";

    private readonly Counter<long> _deliveries;

    public WebhookMeter(RelayMeter meter)
    {
        _deliveries = meter.Meter.CreateCounter<long>(
            "relay.webhook.deliveries", "{attempt}", "Attempts since the start to deliver an event to a webhook, by outcome: delivered, failed");
        _deliveries.Add(0, Tag(Delivered));
        _deliveries.Add(0, Tag(Failed));
    }

    public void Record(WebhookAttempt attempt) => _deliveries.Add(1, Tag(attempt.Error is null ? Delivered : Failed));

    private static KeyValuePair<string, object?> Tag(string outcome) => new("outcome", outcome);
}
