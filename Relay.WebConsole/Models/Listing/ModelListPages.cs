using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Models.Listing;

/// <summary>The list of models.</summary>
internal static class ModelListPages
{
    public static void Map(IEndpointRouteBuilder console) => console.MapPage("/models", ShowAsync);

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken) => Page.Create<ModelListPage>(
        "Models", Section.Models, ("Model", await ModelListModel.ReadAsync(request, cancellationToken))) with
    { IsLive = true };
}
