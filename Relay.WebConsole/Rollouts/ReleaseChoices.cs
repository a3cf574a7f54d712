using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>What forms offer to choose from: the first of each list; further names can be typed.</summary>
public sealed record ReleaseChoices
{
    private const int Items = 200;

    public required IReadOnlyList<ChannelView> Channels { get; init; }

    /// <summary>The newest version of each model.</summary>
    public required IReadOnlyList<ModelVersion> Versions { get; init; }

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<ReleaseView> Releases { get; init; }

    internal static async Task<ReleaseChoices> ReadAsync(PageRequest request, CancellationToken cancellationToken) => new()
    {
        Channels = await request.ReadFirstAsync(Routes.Channels, Items, RelayApiJson.Default.PageChannelView, cancellationToken),
        Versions =
        [
            .. (await request.ReadFirstAsync(Routes.Models, Items, RelayApiJson.Default.PageModelView, cancellationToken))
                .Where(model => model.LatestVersion is not null)
                .Select(model => new ModelVersion(model.Name, model.LatestVersion!.Value)),
        ],
        Releases = await request.ReadFirstAsync(Routes.Releases, Items, RelayApiJson.Default.PageReleaseView, cancellationToken),
    };
}
