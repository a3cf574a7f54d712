using System.Net.Http.Json;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.TestKit;

// What it trains and publishes.
public sealed partial class TestRelay
{
    /// <summary>The gates that compare a version with the one before: tests train versions that differ, and worse ones after better ones. Gates
    /// have tests of their own.</summary>
    public static IReadOnlyList<GateAcceptance> AnyIncumbent { get; } =
    [
        .. new[]
        {
            "class-set", "label-disagreement", "incumbent-macro-f1", "incumbent-log-loss", "incumbent-auc", "incumbent-error",
            "incumbent-class-recall",
        }.Select(gate => new GateAcceptance(gate, "a test")),
    ];

    /// <param name="accept">The gates that may fail; null for <see cref="AnyIncumbent"/>.</param>
    public async Task<TrainingRun> StartTrainingAsync(
        ModelSpec spec, TrainingDataSource data, CancellationToken cancellationToken = default, IReadOnlyList<GateAcceptance>? accept = null)
    {
        using HttpResponseMessage put = await Admin.PutAsJsonAsync(
            $"{Routes.Models}/{spec.Name}", spec, ModelJson.Default.ModelSpec, cancellationToken);
        put.EnsureSuccessStatusCode();
        using HttpResponseMessage accepted = await Admin.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest(spec.Name, data) { Accept = accept ?? AnyIncumbent },
            RelayApiJson.Default.TrainingRunRequest, cancellationToken);
        accepted.EnsureSuccessStatusCode();
        return (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun, cancellationToken))!;
    }

    /// <summary>Waits until a run is as asked.</summary>
    public Task<TrainingRun> WaitForRunAsync(long id, Predicate<TrainingRun> isReached, CancellationToken cancellationToken = default) =>
        Admin.WaitForRunAsync(id, isReached, cancellationToken);

    /// <summary>Trains to the end and gives the version.</summary>
    /// <exception cref="InvalidOperationException">The run did not succeed.</exception>
    public async Task<ModelVersion> TrainAsync(ModelSpec spec, TrainingDataSource data, CancellationToken cancellationToken = default)
    {
        TrainingRun run = await StartTrainingAsync(spec, data, cancellationToken);
        run = await WaitForRunAsync(run.Id, r => r.IsFinished, cancellationToken);
        return run.Version is { } version
            ? new ModelVersion(spec.Name, version)
            : throw new InvalidOperationException($"Training {run.State}: {run.Problem}");
    }

    /// <summary>Trains <see cref="SmallModel"/>; another number of trees gives another file.</summary>
    public Task<ModelVersion> TrainSmallAsync(int trees = 5, CancellationToken cancellationToken = default) =>
        TrainAsync(SmallModel.Spec(trees: trees), SmallModel.Data, cancellationToken);

    public async Task<ChannelView> PublishAsync(string channel, params ModelVersion[] models)
    {
        using HttpResponseMessage response = await Admin.PostAsJsonAsync(
            Routes.ReleaseOf(channel), new ReleaseRequest { Models = models, NewChannel = true }, RelayApiJson.Default.ReleaseRequest);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ChannelView))!;
    }
}
