using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Training;

/// <summary>Training runs: list, start, progress, cancel.</summary>
internal static class TrainingPages
{
    private const string Id = "id";
    private const int MaximumModels = 200;

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/training", ListAsync);
        console.MapPage("/training/new", (request, token) => ShowFormAsync(request, RunForm.Empty(request.Query("model")), token));
        console.MapAction("/training/new", StartAsync);
        console.MapPage("/training/compare", RunComparison.ShowAsync);
        console.MapPage("/training/{id:long}", ShowAsync);
        console.MapAction("/training/{id:long}/cancel", CancelAsync);
        console.MapAction("/training/{id:long}/delete", DeleteAsync);
        TriggerPages.Map(console);
    }

    private static async Task<Page> ListAsync(PageRequest request, CancellationToken cancellationToken)
    {
        TrainingRunQuery query = new()
        {
            Model = request.Query("model"),
            State = Enum.TryParse(request.Query("state"), ignoreCase: true, out TrainingRunState state) ? state.ToString().ToLowerInvariant() : null,
        };
        return Page.Create<RunsPage>(
            "Training", Section.Training,
            ("Runs", await request.ReadPageAsync(query.ToPath(Routes.TrainingRuns), RelayApiJson.Default.PageTrainingRun, cancellationToken)),
            ("Query", query),
            ("IsLater", request.Query("cursor") is not null),
            ("MayTrain", request.User.May(ConsolePermission.Train))) with
        {
            IsLive = true,
        };
    }

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        TrainingRun run = await request.Api.TrainingRuns.FindAsync(request.Id(Id), cancellationToken);
        return Page.Create<RunPage>(
            $"Training run {run.Id}", Section.Training,
            ("Run", run),
            ("Version", run.Version is { } version ? await request.Api.Versions.FindAsync(run.Model, version, cancellationToken) : null),
            ("MayTrain", request.User.May(ConsolePermission.Train))) with
        {
            IsLive = true,
        };
    }

    private static async Task<Page> ShowFormAsync(PageRequest request, RunForm form, CancellationToken cancellationToken) => Page.Create<RunFormPage>(
        "Start a training run", Section.Training,
        ("Form", form),
        ("Models", (await request.ReadFirstAsync(Routes.Models, MaximumModels, RelayApiJson.Default.PageModelView, cancellationToken))
            .Where(model => model.ArchivedAt is null).Select(model => model.Name).ToArray()),
        ("Datasets", (await request.ReadFirstAsync(Routes.Datasets, MaximumModels, RelayApiJson.Default.PageDatasetView, cancellationToken))
            .Select(dataset => dataset.Name).ToArray()),
        ("MayTrain", request.User.May(ConsolePermission.Train)));

    private static async Task<ActionResult> StartAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        RunForm entered = RunForm.Read(form);
        try
        {
            if (entered.Errors.Count > 0)
            {
                return await AgainAsync(entered.Errors);
            }

            if (entered.Rule is { } rule)
            {
                await request.Api.Triggers.CreateAsync(new(entered.Model, entered.Data, rule), cancellationToken);
                return ActionResult.GoTo($"{ConsolePaths.Training}/triggers", $"{entered.Model} trains by itself from now on.");
            }

            TrainingRun run = await request.Api.TrainingRuns.StartAsync(
                new TrainingRunRequest(entered.Model, entered.Data) { Accept = entered.Accept }, cancellationToken);
            return ActionResult.GoTo(ConsolePaths.Run(run.Id), $"Training run {run.Id} of {run.Model} is queued.");
        }
        catch (RelayException refused) when (refused.IsCorrectable())
        {
            return await AgainAsync(refused.Errors.Count > 0 ? refused.Errors : new Dictionary<string, string> { ["$"] = refused.Message });
        }

        async Task<ActionResult> AgainAsync(IReadOnlyDictionary<string, string> errors)
        {
            Page again = await ShowFormAsync(request, entered with { Errors = errors }, cancellationToken);
            return ActionResult.Show(again with { Status = StatusCodes.Status422UnprocessableEntity });
        }
    }

    private static async Task<ActionResult> CancelAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        TrainingRun run = await request.Api.TrainingRuns.CancelAsync(request.Id(Id), cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Run(run.Id), $"Training run {run.Id} is being cancelled.");
    }

    private static async Task<ActionResult> DeleteAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        await request.Api.TrainingRuns.DeleteAsync(request.Id(Id), cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Training, $"Training run {request.Id(Id)} was deleted.");
    }
}
