using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Forms;
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
        console.MapPage("/training/new", ShowNewAsync);
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
            Dataset = request.Query("dataset"),
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
        RunModel model = await RunModel.ReadAsync(request, request.Id(Id), cancellationToken);
        return Page.Create<RunPage>(
            $"Training run {model.Run.Id}", Section.Training,
            ("Model", model),
            ("MayTrain", request.User.May(ConsolePermission.Train))) with
        {
            IsLive = true,
        };
    }

    private static Task<Page> ShowNewAsync(PageRequest request, CancellationToken cancellationToken) =>
        ShowFormAsync(request, RunFields.Read(request), cancellationToken);

    private static async Task<Page> ShowFormAsync(PageRequest request, FilledForm form, CancellationToken cancellationToken) =>
        Page.Create<RunFormPage>(
            "Start a training run", Section.Training,
            ("Form", form),
            ("Models", (await request.ReadFirstAsync(Routes.Models, MaximumModels, RelayApiJson.Default.PageModelView, cancellationToken))
                .Where(model => model.ArchivedAt is null).Select(model => model.Name).ToArray()),
            ("Datasets", (await request.ReadFirstAsync(Routes.Datasets, MaximumModels, RelayApiJson.Default.PageDatasetView, cancellationToken))
                .Select(dataset => dataset.Name).ToArray()),
            ("MayTrain", request.User.May(ConsolePermission.Train)));

    private static Task<ActionResult> StartAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(form, filled => ShowFormAsync(request, filled, cancellationToken), async () =>
        {
            RunFields fields = new(FilledForm.From(form));
            if (fields.Error is { } error)
            {
                return FormOutcome.Refuse(error);
            }

            if (fields.Rule is { } rule)
            {
                await request.Api.Triggers.CreateAsync(new(fields.Model, fields.Data, rule), cancellationToken);
                return FormOutcome.GoTo($"{ConsolePaths.Training}/triggers", $"{fields.Model} trains by itself from now on.");
            }

            TrainingRun run = await request.Api.TrainingRuns.StartAsync(
                new TrainingRunRequest(fields.Model, fields.Data) { Accept = fields.Accept }, cancellationToken);
            return FormOutcome.GoTo(ConsolePaths.Run(run.Id), $"Training run {run.Id} of {run.Model} is queued.");
        });

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
