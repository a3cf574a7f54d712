using System.Diagnostics.Metrics;
using Relay.Server.Telemetry;

namespace Relay.Server.Webhooks;

/// <summary>Counts attempts to deliver events.</summary>
internal sealed class WebhookMeter(RelayMeter meter)
{
    private readonly Counter<long> _deliveries = meter.Meter.CreateCounter<long>(
        "relay.webhook.deliveries", description: "Attempts to deliver an event to a webhook, by outcome: delivered, failed");

    public void Record(WebhookAttempt attempt) =>
        _deliveries.Add(1, new KeyValuePair<string, object?>("outcome", attempt.Error is null ? "delivered" : "failed"));
}
