using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Home;

/// <summary>The first page: what runs where, whether anything is wrong, what moves, and what happened.</summary>
internal static class HomePages
{
    public static void Map(IEndpointRouteBuilder console) => console.MapPage("/", ShowAsync);

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken) =>
        Page.Create<HomePage>("Home", Section.Home, ("Model", await HomeModel.ReadAsync(request, cancellationToken))) with { IsLive = true };
}
