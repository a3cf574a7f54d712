using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Models.Publishing;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Models.Versions;

/// <summary>The page of a version.</summary>
internal static class VersionPages
{
    public static void Map(IEndpointRouteBuilder console) => console.MapPage(
        "/models/{name}/versions/{version:int}", (request, cancellationToken) => ShowAsync(request, RefusedChange.None, cancellationToken));

    /// <param name="refused">A change that the relay refused.</param>
    public static async Task<Page> ShowAsync(PageRequest request, RefusedChange refused, CancellationToken cancellationToken) =>
        Page.Create<VersionPage>(
            $"{request.Route("name")} version {request.Route("version")}", Section.Models,
            ("Details", await VersionDetails.ReadAsync(request, cancellationToken)), ("Refused", refused)) with
        {
            // What was typed into a form that was refused stays.
            IsLive = refused.Action.Length == 0,
        };
}
