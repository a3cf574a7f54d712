using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Fleet;

/// <summary>One node: what it runs and ran, why, and the changes that an operator makes to it.</summary>
internal static class NodePages
{
    private const string Node = "node";

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/fleet/nodes/{node}", ShowAsync);
        console.MapAction("/fleet/nodes/{node}/ban", BanAsync);
        console.MapAction("/fleet/nodes/{node}/unban", UnbanAsync);
        console.MapAction("/fleet/nodes/{node}/remove", RemoveAsync);
    }

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        NodeModel model = await NodeModel.ReadAsync(request, request.Route(Node), cancellationToken);
        return Page.Create<NodePage>(model.Id, Section.Fleet, ("Model", model)) with { IsLive = model is { Current: not null, Answer: null } };
    }

    private static async Task<ActionResult> BanAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        string id = request.Route(Node);
        await request.Api.Nodes.BanAsync(id, cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Node(id), $"{id} is banned: nothing that its key signs is accepted.");
    }

    private static async Task<ActionResult> UnbanAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        string id = request.Route(Node);
        await request.Api.Nodes.UnbanAsync(id, cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Node(id), $"The ban of {id} is ended.");
    }

    private static async Task<ActionResult> RemoveAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        string id = request.Route(Node);
        await request.Api.Nodes.RemoveAsync(id, cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Fleet, $"{id} is removed. Its history stays.");
    }
}
