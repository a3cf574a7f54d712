using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>The form that starts a rollout. What the API refuses stays in the form, with the reason.</summary>
internal static class StartPages
{
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/rollouts/new", ShowAsync);
        console.MapAction("/rollouts/new", StartAsync);
    }

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken) => await CreateAsync(
        request,
        new StartForm
        {
            Channel = request.Query("channel") ?? "",
            Release = request.Query("release") ?? "",
            Models = request.Query("model") is { } model && request.Number("version") is { } version
                ? VersionText.Format([new ModelVersion(model, version)])
                : "",
        },
        cancellationToken);

    private static async Task<ActionResult> StartAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        StartForm entered = StartForm.Read(form);
        RolloutRequest? rollout = StartFormReader.Read(entered, out IReadOnlyDictionary<string, string> errors);
        if (rollout is null)
        {
            return await ShowAgainAsync(
                request, entered with { Errors = errors, Problem = "Nothing was started: correct what is marked." }, cancellationToken);
        }

        try
        {
            RolloutView started = await request.Api.Rollouts.StartAsync(rollout, cancellationToken);
            return ActionResult.GoTo(
                ConsolePaths.Rollout(started.Id),
                started.WaitsFor is { } reason
                    ? string.Create(CultureInfo.InvariantCulture, $"Rollout {started.Id} is made and waits: {reason}")
                    : string.Create(
                        CultureInfo.InvariantCulture, $"Rollout {started.Id} gives it to {started.Percentage} percent of the nodes now."));
        }
        catch (RelayException refused) when (ReleaseRefusals.CanBeCorrected(refused))
        {
            return await ShowAgainAsync(
                request,
                entered with { Problem = refused.Message, AsksForSchemaChange = ReleaseRefusals.IsSchemaChange(refused) },
                cancellationToken);
        }
    }

    private static async Task<ActionResult> ShowAgainAsync(PageRequest request, StartForm form, CancellationToken cancellationToken) =>
        ActionResult.Show(await CreateAsync(request, form, cancellationToken) with { Status = StatusCodes.Status400BadRequest });

    private static async Task<Page> CreateAsync(PageRequest request, StartForm form, CancellationToken cancellationToken)
    {
        ReleaseChoices choices = await ReleaseChoices.ReadAsync(request, cancellationToken);
        form = form.Channel.Length > 0 ? form : form with { Channel = choices.Channels.FirstOrDefault()?.Channel ?? "" };
        return Page.Create<StartPage>("Start a rollout", Section.Rollouts, ("Form", form), ("Choices", choices));
    }
}
