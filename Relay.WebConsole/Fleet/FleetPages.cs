using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Fleet;

/// <summary>The fleet: counts, and the nodes by pages.</summary>
internal static class FleetPages
{
    public static void Map(IEndpointRouteBuilder console) => console.MapPage("/fleet", ShowAsync);

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken) => Page.Create<FleetPage>(
        "Fleet", Section.Fleet, ("Model", await FleetModel.ReadAsync(request, cancellationToken))) with
    { IsLive = true };
}
