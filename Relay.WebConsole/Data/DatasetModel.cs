using Relay.AdminClient.Operations;
using Relay.WebConsole.Routing;
using Relay.WebConsole.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.WebConsole.Data;

/// <summary>A dataset, with the training runs that took rows of it and the triggers that start more.</summary>
public sealed record DatasetModel
{
    private const int ShownRuns = 20;
    private const int ShownTriggers = 20;

    public required DatasetView View { get; init; }

    /// <summary>The newest that took rows of it.</summary>
    public required IReadOnlyList<TrainingRun> Runs { get; init; }

    public required IReadOnlyList<TrainingTriggerView> Triggers { get; init; }

    /// <summary>Of the newest version of <see cref="Runs"/>; null: there is none.</summary>
    public required ModelCard? Card { get; init; }

    internal static async Task<DatasetModel> ReadAsync(PageRequest request, string name, CancellationToken cancellationToken)
    {
        DatasetView view = await request.Api.Datasets.FindAsync(name, cancellationToken);
        IReadOnlyList<TrainingRun> runs = await request.ReadFirstAsync(
            new TrainingRunQuery { Dataset = name }.ToPath(Routes.TrainingRuns), ShownRuns, RelayApiJson.Default.PageTrainingRun, cancellationToken);
        TriggerQuery triggers = new() { Dataset = name };
        return new()
        {
            View = view,
            Runs = runs,
            Card = await FindCardAsync(request, runs.FirstOrDefault(run => run.Version is not null), cancellationToken),
            Triggers = await request.ReadFirstAsync(
                triggers.ToPath(Routes.Triggers), ShownTriggers, RelayApiJson.Default.PageTrainingTriggerView, cancellationToken),
        };
    }

    private static async Task<ModelCard?> FindCardAsync(PageRequest request, TrainingRun? run, CancellationToken cancellationToken) =>
        run is null ? null : (await RunModel.FindVersionAsync(request, run, cancellationToken))?.Card;
}
