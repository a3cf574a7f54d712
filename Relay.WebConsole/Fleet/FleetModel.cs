using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>What the page of the fleet shows: counts that the relay keeps, and one page of nodes.</summary>
public sealed record FleetModel
{
    public required FleetView Fleet { get; init; }

    public required NodeSelection Selection { get; init; }

    public required Page<NodeView> Nodes { get; init; }

    /// <summary>Whether this is not the first page of the list.</summary>
    public required bool IsLater { get; init; }

    internal static async Task<FleetModel> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        // The page has no use of models: of more hours, the relay would add up more than all the rest of it.
        FleetView fleet = await request.Api.Nodes.ReadFleetAsync(hours: 1, cancellationToken);
        NodeSelection selection = NodeSelection.Read(request);
        return new FleetModel
        {
            Fleet = fleet,
            Selection = selection,
            Nodes = await request.ReadPageAsync(selection.ToPath(fleet.At), RelayApiJson.Default.PageNodeView, cancellationToken),
            IsLater = request.Query("cursor") is not null,
        };
    }
}
