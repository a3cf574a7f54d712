using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>What starts training by itself.</summary>
public sealed class TriggerOperations
{
    private readonly RelayTransport _transport;

    internal TriggerOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists triggers of training runs.</summary>
    [RelayOperation("GET", "/v1/training-triggers")]
    public IAsyncEnumerable<TrainingTriggerView> ListAsync(TriggerQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.Triggers : query.ToPath(Routes.Triggers), RelayApiJson.Default.PageTrainingTriggerView, cancellationToken);

    /// <summary>Reads a trigger.</summary>
    [RelayOperation("GET", "/v1/training-triggers/{id}")]
    public Task<TrainingTriggerView> FindAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.TriggerOf(id), RelayApiJson.Default.TrainingTriggerView, cancellationToken);

    /// <summary>Creates a trigger of training runs.</summary>
    [RelayOperation("POST", "/v1/training-triggers")]
    public Task<TrainingTriggerView> CreateAsync(TrainingTriggerRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, Routes.Triggers, request, RelayApiJson.Default.TrainingTriggerRequest, RelayApiJson.Default.TrainingTriggerView,
            cancellationToken);

    /// <summary>Deletes a trigger.</summary>
    [RelayOperation("DELETE", "/v1/training-triggers/{id}")]
    public Task DeleteAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.TriggerOf(id), cancellationToken);

    /// <summary>Pauses a trigger.</summary>
    [RelayOperation("POST", "/v1/training-triggers/{id}/pause")]
    public Task PauseAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, $"{Routes.TriggerOf(id)}/pause", cancellationToken);

    /// <summary>Resumes a trigger.</summary>
    [RelayOperation("POST", "/v1/training-triggers/{id}/resume")]
    public Task ResumeAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, $"{Routes.TriggerOf(id)}/resume", cancellationToken);
}
