using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>The relay itself: trust, health and figures.</summary>
public sealed class StatusOperations
{
    private readonly RelayTransport _transport;

    internal StatusOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Reads keys and metadata of the relay, with what expires.</summary>
    [RelayOperation("GET", "/v1/trust")]
    public Task<TrustView> ReadTrustAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.Trust, RelayApiJson.Default.TrustView, cancellationToken);

    /// <summary>Reads the figures of the relay.</summary>
    [RelayOperation("GET", "/stats")]
    public Task<RelayStats> ReadStatsAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats, cancellationToken);

    /// <summary>Reads whether the process works.</summary>
    [RelayOperation("GET", "/health/live")]
    public Task<RelayHealth> ReadLivenessAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync("/health/live", AdminJson.Default.RelayHealth, cancellationToken);

    /// <summary>Reads whether the relay can work, and what is due.</summary>
    [RelayOperation("GET", "/health/ready")]
    public Task<RelayHealth> ReadReadinessAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync("/health/ready", AdminJson.Default.RelayHealth, cancellationToken);

    /// <summary>Reads the metrics, as text of Prometheus.</summary>
    [RelayOperation("GET", "/metrics")]
    public Task<string> ReadMetricsAsync(CancellationToken cancellationToken = default) =>
        _transport.GetTextAsync("/metrics", cancellationToken);

    /// <summary>Reads the OpenAPI document of the relay.</summary>
    [RelayOperation("GET", "/openapi/v1.json")]
    public Task<string> ReadOpenApiAsync(CancellationToken cancellationToken = default) =>
        _transport.GetTextAsync("/openapi/v1.json", cancellationToken);
}
