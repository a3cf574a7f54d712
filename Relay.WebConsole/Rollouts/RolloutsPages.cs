using Microsoft.AspNetCore.Routing;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>All rollouts, the newest first.</summary>
internal static class RolloutsPages
{
    private const int Channels = 200;

    public static void Map(IEndpointRouteBuilder console) => console.MapPage("/rollouts", ShowAsync);

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        RolloutQuery query = new() { Channel = request.Query("channel"), Status = request.Query("status") };
        RolloutsModel model = new(
            await request.ReadPageAsync(query.ToPath(Routes.Rollouts), RelayApiJson.Default.PageRolloutView, cancellationToken),
            [.. (await request.ReadFirstAsync(Routes.Channels, Channels, RelayApiJson.Default.PageChannelView, cancellationToken))
                .Select(channel => channel.Channel)],
            query.Channel, query.Status, request.Query("cursor") is not null);
        return Page.Create<RolloutsPage>("Rollouts", Section.Rollouts, ("Model", model)) with { IsLive = true };
    }
}
