using Microsoft.AspNetCore.Routing;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Training;

/// <summary>What trains by itself: each day, when samples have come, or when they drift.</summary>
internal static class TriggerPages
{
    private const string Path = ConsolePaths.Training + "/triggers";

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/training/triggers", ListAsync);
        Change(console, "pause", "The trigger is paused.", (triggers, id, token) => triggers.PauseAsync(id, token));
        Change(console, "resume", "The trigger goes on.", (triggers, id, token) => triggers.ResumeAsync(id, token));
        Change(console, "delete", "The trigger was deleted. Runs that it started stay.", (triggers, id, token) => triggers.DeleteAsync(id, token));
    }

    private static async Task<Page> ListAsync(PageRequest request, CancellationToken cancellationToken)
    {
        TriggerQuery query = new() { Model = request.Query("model"), Dataset = request.Query("dataset"), Paused = request.Flag("paused") };
        return Page.Create<TriggersPage>(
            "What trains by itself", Section.Training,
            ("Triggers", await request.ReadPageAsync(query.ToPath(Routes.Triggers), RelayApiJson.Default.PageTrainingTriggerView, cancellationToken)),
            ("Query", query),
            ("IsLater", request.Query("cursor") is not null),
            ("MayTrain", request.User.May(ConsolePermission.Train))) with
        {
            IsLive = true,
        };
    }

    private static void Change(
        IEndpointRouteBuilder console, string verb, string notice, Func<TriggerOperations, long, CancellationToken, Task> change) =>
        console.MapAction($"/training/triggers/{{id:long}}/{verb}", async (request, _, cancellationToken) =>
        {
            await change(request.Api.Triggers, request.Id("id"), cancellationToken);
            return ActionResult.GoTo(Path, notice);
        });
}
