using Relay.AdminClient.Operations;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Data;

/// <summary>A dataset, with the training runs that took rows of it and the triggers that start more.</summary>
public sealed record DatasetModel
{
    /// <summary>Runs that are read: the API does not filter them by dataset.</summary>
    public const int SearchedRuns = 200;

    private const int ShownRuns = 20;
    private const int ShownTriggers = 20;

    public required DatasetView View { get; init; }

    /// <summary>The newest of the last <see cref="SearchedRuns"/> runs.</summary>
    public required IReadOnlyList<TrainingRun> Runs { get; init; }

    public required IReadOnlyList<TrainingTriggerView> Triggers { get; init; }

    internal static async Task<DatasetModel> ReadAsync(PageRequest request, string name, CancellationToken cancellationToken)
    {
        DatasetView view = await request.Api.Datasets.FindAsync(name, cancellationToken);
        IReadOnlyList<TrainingRun> runs = await request.ReadFirstAsync(
            Routes.TrainingRuns, SearchedRuns, RelayApiJson.Default.PageTrainingRun, cancellationToken);
        TriggerQuery triggers = new() { Dataset = name };
        return new()
        {
            View = view,
            Runs = [.. runs.Where(run => run.Data.Dataset?.Name == name).Take(ShownRuns)],
            Triggers = await request.ReadFirstAsync(
                triggers.ToPath(Routes.Triggers), ShownTriggers, RelayApiJson.Default.PageTrainingTriggerView, cancellationToken),
        };
    }
}
