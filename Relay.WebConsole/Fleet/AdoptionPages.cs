using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Fleet;

/// <summary>How releases took the place of others.</summary>
internal static class AdoptionPages
{
    public static void Map(IEndpointRouteBuilder console) => console.MapPage("/fleet/adoption", ShowAsync);

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken) => Page.Create<AdoptionPage>(
        "Releases over time", Section.Fleet, ("Model", await AdoptionModel.ReadAsync(request, cancellationToken)));
}
