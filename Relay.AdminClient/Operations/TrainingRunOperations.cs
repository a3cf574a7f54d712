using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>Training: its progress, its curve, its log and its rows.</summary>
public sealed class TrainingRunOperations
{
    private readonly RelayTransport _transport;

    internal TrainingRunOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists training runs, the newest first.</summary>
    [RelayOperation("GET", "/v1/training-runs")]
    public IAsyncEnumerable<TrainingRun> ListAsync(TrainingRunQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.TrainingRuns : query.ToPath(Routes.TrainingRuns), RelayApiJson.Default.PageTrainingRun, cancellationToken);

    /// <summary>Reads a training run with its progress.</summary>
    [RelayOperation("GET", "/v1/training-runs/{id}")]
    public Task<TrainingRun> FindAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.RunOf(id), RelayApiJson.Default.TrainingRun, cancellationToken);

    /// <summary>Starts a training run.</summary>
    [RelayOperation("POST", "/v1/training-runs")]
    public Task<TrainingRun> StartAsync(TrainingRunRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, Routes.TrainingRuns, request, RelayApiJson.Default.TrainingRunRequest, RelayApiJson.Default.TrainingRun,
            cancellationToken);

    /// <summary>Cancels a training run.</summary>
    [RelayOperation("POST", "/v1/training-runs/{id}/cancel")]
    public Task<TrainingRun> CancelAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, $"{Routes.RunOf(id)}/cancel", RelayApiJson.Default.TrainingRun, cancellationToken);

    /// <summary>Deletes a training run that has ended and has no version.</summary>
    [RelayOperation("DELETE", "/v1/training-runs/{id}")]
    public Task DeleteAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.RunOf(id), cancellationToken);

    /// <summary>Follows a training run to its end.</summary>
    [RelayOperation("GET", "/v1/training-runs/{id}/events")]
    public IAsyncEnumerable<TrainingRun> FollowAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.FollowAsync($"{Routes.RunOf(id)}/events", RelayApiJson.Default.TrainingRun, cancellationToken);

    /// <summary>Reads the losses of a training run, iteration by iteration.</summary>
    [RelayOperation("GET", "/v1/training-runs/{id}/curve")]
    public Task<TrainingCurve> FindCurveAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.CurveOf(id), RelayApiJson.Default.TrainingCurve, cancellationToken);

    /// <summary>Reads what a training run did, a line for each step.</summary>
    /// <param name="id">The number of the run.</param>
    /// <param name="after">Lines to leave out: those that the caller has.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [RelayOperation("GET", "/v1/training-runs/{id}/log")]
    public Task<string> ReadLogAsync(long id, int after = 0, CancellationToken cancellationToken = default) =>
        _transport.GetTextAsync(new QueryText().Add("after", after > 0 ? after : null).ToPath(Routes.LogOf(id)), cancellationToken);

    /// <summary>Downloads the rows that a run took of a dataset: train or test.</summary>
    [RelayOperation("GET", "/v1/training-runs/{id}/rows/{part}")]
    public Task DownloadRowsAsync(long id, string part, Stream destination, CancellationToken cancellationToken = default) =>
        _transport.DownloadAsync(Routes.RowsOf(id, part), destination, cancellationToken);
}
