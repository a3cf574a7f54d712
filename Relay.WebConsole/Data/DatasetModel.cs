using System.Net;
using Relay.AdminClient;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

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

    /// <summary>Of the newest version of <see cref="Runs"/>; null: there is none.</summary>
    public required ModelCard? Card { get; init; }

    internal static async Task<DatasetModel> ReadAsync(PageRequest request, string name, CancellationToken cancellationToken)
    {
        DatasetView view = await request.Api.Datasets.FindAsync(name, cancellationToken);
        IReadOnlyList<TrainingRun> runs = await request.ReadFirstAsync(
            Routes.TrainingRuns, SearchedRuns, RelayApiJson.Default.PageTrainingRun, cancellationToken);
        TriggerQuery triggers = new() { Dataset = name };
        TrainingRun[] uses = [.. runs.Where(run => run.Data.Dataset?.Name == name).Take(ShownRuns)];
        return new()
        {
            View = view,
            Runs = uses,
            Card = await FindCardAsync(request, uses.FirstOrDefault(run => run.Version is not null), cancellationToken),
            Triggers = await request.ReadFirstAsync(
                triggers.ToPath(Routes.Triggers), ShownTriggers, RelayApiJson.Default.PageTrainingTriggerView, cancellationToken),
        };
    }

    private static async Task<ModelCard?> FindCardAsync(PageRequest request, TrainingRun? run, CancellationToken cancellationToken)
    {
        if (run?.Version is not { } version)
        {
            return null;
        }

        try
        {
            return (await request.Api.Versions.FindAsync(run.Model, version, cancellationToken)).Card;
        }
        catch (RelayException deleted) when (deleted.Status is HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
