using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Models.Comparison;

/// <summary>What differs between two versions.</summary>
internal static class ComparisonPages
{
    private const int MaximumOthers = 50;

    public static void Map(IEndpointRouteBuilder console) => console.MapPage("/models/{name}/versions/{version:int}/compare", ShowAsync);

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        (string name, int version) = (request.Route("name"), (int)request.Id("version"));
        IReadOnlyList<VersionView> versions = await request.ReadFirstAsync(
            Routes.VersionsOf(name), MaximumOthers, RelayApiJson.Default.PageVersionView, cancellationToken);
        int[] others = [.. versions.Select(other => other.Version).Where(other => other != version)];
        int? with = request.Number("with") ?? others.Where(other => other < version).Concat(others).Cast<int?>().FirstOrDefault();
        VersionComparison? comparison = with is { } other
            ? await request.Api.Versions.CompareAsync(name, version, other, cancellationToken)
            : null;
        return Page.Create<ComparisonPage>(
            $"Compare versions of {name}", Section.Models, ("Name", name), ("Version", version), ("Others", others), ("Comparison", comparison));
    }
}
