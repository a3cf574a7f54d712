using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Forms;
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

    private static Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        Dictionary<string, string> values = VersionText.Read(request, StartFields.Models);
        values[StartFields.Channel] = request.Query("channel") ?? "";
        values[StartFields.Release] = request.Query("release") ?? "";
        return CreateAsync(request, FilledForm.Empty with { Values = values }, cancellationToken);
    }

    private static Task<ActionResult> StartAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(form, filled => CreateAsync(request, filled, cancellationToken), async () =>
        {
            if (StartFormReader.Read(FilledForm.From(form), out IReadOnlyDictionary<string, string> errors) is not { } rollout)
            {
                return FormOutcome.Refuse("Nothing was started: correct what is marked.", errors);
            }

            RolloutView started = await request.Api.Rollouts.StartAsync(rollout, cancellationToken);
            return FormOutcome.GoTo(
                ConsolePaths.Rollout(started.Id),
                started.WaitsFor is { } reason
                    ? string.Create(CultureInfo.InvariantCulture, $"Rollout {started.Id} is made and waits: {reason}")
                    : string.Create(
                        CultureInfo.InvariantCulture, $"Rollout {started.Id} gives it to {started.Percentage} percent of the nodes now."));
        });

    private static async Task<Page> CreateAsync(PageRequest request, FilledForm form, CancellationToken cancellationToken) => Page.Create<StartPage>(
        "Start a rollout", Section.Rollouts, ("Form", form), ("Choices", await ReleaseChoices.ReadAsync(request, cancellationToken)));
}
