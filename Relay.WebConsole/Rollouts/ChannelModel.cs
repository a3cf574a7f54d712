using Relay.AdminClient.Operations;
using Relay.WebConsole.Components;
using Relay.WebConsole.Fleet;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>What the page of a channel shows.</summary>
public sealed record ChannelModel
{
    private const int Shown = 10;

    public required ChannelView Channel { get; init; }

    /// <summary>Its nodes by release.</summary>
    public required IReadOnlyList<SharePart> Nodes { get; init; }

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<RolloutView> Rollouts { get; init; }

    /// <summary>Publications that change it and wait for signatures.</summary>
    public required IReadOnlyList<PendingView> Pending { get; init; }

    public required ReleaseChoices Choices { get; init; }

    /// <summary>The rollout that moves; null: none does.</summary>
    public RolloutView? Moving => Rollouts.FirstOrDefault(rollout => rollout.FinishedAt is null);

    internal static async Task<ChannelModel> ReadAsync(PageRequest request, string name, CancellationToken cancellationToken)
    {
        ChannelView channel = await request.Api.Channels.FindAsync(name, cancellationToken);
        FleetView fleet = await request.Api.Nodes.ReadFleetAsync(cancellationToken: cancellationToken);
        return new ChannelModel
        {
            Channel = channel,
            Nodes = ReleaseParts.Create(name, fleet),
            Rollouts = await request.ReadFirstAsync(
                new RolloutQuery { Channel = name }.ToPath(Routes.Rollouts), Shown, RelayApiJson.Default.PageRolloutView, cancellationToken),
            Pending = await request.ReadFirstAsync(
                new ChannelNameQuery { Channel = name }.ToPath(Routes.Pending), Shown, RelayApiJson.Default.PagePendingView, cancellationToken),
            Choices = await ReleaseChoices.ReadAsync(request, cancellationToken),
        };
    }
}
