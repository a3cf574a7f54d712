using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>One rollout, live, with what an operator may do to it.</summary>
internal static class RolloutPages
{
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/rollouts/{id:long}", ShowAsync);
        MapCommand("pause", (request, id, cancellationToken) => request.Api.Rollouts.PauseAsync(id, cancellationToken));
        MapCommand("resume", (request, id, cancellationToken) => request.Api.Rollouts.ResumeAsync(id, cancellationToken));
        MapCommand("skip", (request, id, cancellationToken) => request.Api.Rollouts.SkipAsync(id, cancellationToken));
        MapCommand("halt", (request, id, cancellationToken) => request.Api.Rollouts.HaltAsync(id, cancellationToken));

        void MapCommand(string name, Func<PageRequest, long, CancellationToken, Task<RolloutView>> run) => console.MapAction(
            $"/rollouts/{{id:long}}/{name}",
            (request, _, cancellationToken) => RunAsync(request, run, cancellationToken));
    }

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        RolloutModel model = await RolloutModel.ReadAsync(request, request.Id("id"), cancellationToken);
        string title = string.Create(CultureInfo.InvariantCulture, $"Rollout {model.Rollout.Id}");
        return Page.Create<RolloutPage>(title, Section.Rollouts, ("Model", model)) with { IsLive = model.Rollout.FinishedAt is null };
    }

    private static async Task<ActionResult> RunAsync(
        PageRequest request, Func<PageRequest, long, CancellationToken, Task<RolloutView>> run, CancellationToken cancellationToken)
    {
        RolloutView rollout = await run(request, request.Id("id"), cancellationToken);
        return ActionResult.GoTo(
            ConsolePaths.Rollout(rollout.Id),
            string.Create(CultureInfo.InvariantCulture, $"Rollout {rollout.Id} is {rollout.Status}, at stage {rollout.Stage}."));
    }
}
