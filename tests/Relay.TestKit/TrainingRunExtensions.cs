using System.Net.Http.Json;
using Shared.Contracts.Api;

namespace Relay.TestKit;

/// <summary>Waiting for a training run of any relay, in this process or another.</summary>
public static class TrainingRunExtensions
{
    /// <summary>Waits until a run is as asked.</summary>
    /// <exception cref="TimeoutException">The run did not become so before the deadline.</exception>
    public static Task<TrainingRun> WaitForRunAsync(
        this HttpClient admin, long id, Predicate<TrainingRun> isReached, CancellationToken cancellationToken = default) =>
        Eventually.GetAsync(
            async () => (await admin.GetFromJsonAsync($"{Routes.TrainingRuns}/{id}", RelayApiJson.Default.TrainingRun, cancellationToken))!,
            isReached, $"training run {id} is as asked", cancellationToken: cancellationToken);
}
