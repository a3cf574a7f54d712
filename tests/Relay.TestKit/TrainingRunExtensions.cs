using System.Net.Http.Json;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

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

    /// <summary>Adds a model, and starts a run of it.</summary>
    public static async Task<TrainingRun> StartRunAsync(this HttpClient admin, ModelSpec spec, TrainingDataSource data)
    {
        await admin.AddModelAsync(spec);
        using HttpResponseMessage accepted = await admin.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest(spec.Name, data) { Accept = TestRelay.AnyIncumbent },
            RelayApiJson.Default.TrainingRunRequest);
        accepted.EnsureSuccessStatusCode();
        return (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun))!;
    }

    /// <summary>Adds a model, or changes its spec.</summary>
    public static async Task AddModelAsync(this HttpClient admin, ModelSpec spec)
    {
        using HttpResponseMessage answer = await admin.PutAsJsonAsync($"{Routes.Models}/{spec.Name}", spec, ModelJson.Default.ModelSpec);
        answer.EnsureSuccessStatusCode();
    }
}
