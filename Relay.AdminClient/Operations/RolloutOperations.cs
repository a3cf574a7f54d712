using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>A release that reaches the fleet by stages, and stops itself.</summary>
public sealed class RolloutOperations
{
    private readonly RelayTransport _transport;

    internal RolloutOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists rollouts, the newest first.</summary>
    [RelayOperation("GET", "/v1/rollouts")]
    public IAsyncEnumerable<RolloutView> ListAsync(RolloutQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.Rollouts : query.ToPath(Routes.Rollouts), RelayApiJson.Default.PageRolloutView, cancellationToken);

    /// <summary>Reads a rollout with its verdict.</summary>
    [RelayOperation("GET", "/v1/rollouts/{id}")]
    public Task<RolloutView> FindAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.RolloutOf(id), RelayApiJson.Default.RolloutView, cancellationToken);

    /// <summary>Lists the events of a rollout, the oldest first.</summary>
    [RelayOperation("GET", "/v1/rollouts/{id}/history")]
    public IAsyncEnumerable<RolloutEventView> ListEventsAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.ListAsync($"{Routes.RolloutOf(id)}/history", RelayApiJson.Default.PageRolloutEventView, cancellationToken);

    /// <summary>Starts a rollout.</summary>
    [RelayOperation("POST", "/v1/rollouts")]
    public Task<RolloutView> StartAsync(RolloutRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, Routes.Rollouts, request, RelayApiJson.Default.RolloutRequest, RelayApiJson.Default.RolloutView, cancellationToken);

    /// <summary>Pauses a rollout.</summary>
    [RelayOperation("POST", "/v1/rollouts/{id}/pause")]
    public Task<RolloutView> PauseAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, $"{Routes.RolloutOf(id)}/pause", RelayApiJson.Default.RolloutView, cancellationToken);

    /// <summary>Resumes a rollout.</summary>
    [RelayOperation("POST", "/v1/rollouts/{id}/resume")]
    public Task<RolloutView> ResumeAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, $"{Routes.RolloutOf(id)}/resume", RelayApiJson.Default.RolloutView, cancellationToken);

    /// <summary>Goes on to the next stage without a verdict.</summary>
    [RelayOperation("POST", "/v1/rollouts/{id}/skip")]
    public Task<RolloutView> SkipAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, $"{Routes.RolloutOf(id)}/skip", RelayApiJson.Default.RolloutView, cancellationToken);

    /// <summary>Halts a rollout and takes the candidate back.</summary>
    [RelayOperation("POST", "/v1/rollouts/{id}/halt")]
    public Task<RolloutView> HaltAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, $"{Routes.RolloutOf(id)}/halt", RelayApiJson.Default.RolloutView, cancellationToken);
}
