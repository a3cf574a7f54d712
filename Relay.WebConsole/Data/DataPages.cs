using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Data;

/// <summary>Datasets: what nodes and people sent, what nodes may send, and what was trained from it.</summary>
internal static class DataPages
{
    public const string Name = "name";

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/data", ListAsync);
        console.MapPage("/data/{name}", ShowAsync);
        console.MapAction("/data/{name}/delete", DeleteAsync);
        DatasetSpecPages.Map(console);
        ForgetPages.Map(console);
    }

    private static async Task<Page> ListAsync(PageRequest request, CancellationToken cancellationToken)
    {
        DatasetQuery query = new() { Name = request.Query(Name)?.Trim() };
        return Page.Create<DatasetListPage>(
            "Data", Section.Data,
            ("Datasets", await request.ReadPageAsync(query.ToPath(Routes.Datasets), RelayApiJson.Default.PageDatasetView, cancellationToken)),
            ("Query", query),
            ("IsLater", request.Query("cursor") is not null)) with
        {
            IsLive = true,
        };
    }

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        DatasetModel model = await DatasetModel.ReadAsync(request, request.Route(Name), cancellationToken);
        return Page.Create<DatasetPage>(model.View.Name, Section.Data, ("Model", model)) with
        {
            IsLive = true,
        };
    }

    private static async Task<ActionResult> DeleteAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        string name = request.Route(Name);
        await request.Api.Datasets.DeleteAsync(name, cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Data, $"The dataset {name} was deleted with all its rows. Versions that were trained from it stay.");
    }
}
