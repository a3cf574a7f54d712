using System.Text.Json.Serialization.Metadata;
using Relay.AdminClient;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Status;

/// <summary>Asks a relay for all that its status is made of. A relay of an earlier version lacks some of it, which is then empty.</summary>
internal sealed class StatusReader(RelayApi relay, TimeProvider timeProvider)
{
    public async Task<StatusReport> ReadAsync(CancellationToken cancellationToken)
    {
        RelayStats stats = await relay.GetAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats, cancellationToken);
        Page<ChannelView> channels = await relay.GetAsync(Routes.Channels, RelayApiJson.Default.PageChannelView, cancellationToken);
        Page<PendingView>? pending = await FindAsync(Routes.Pending, RelayApiJson.Default.PagePendingView, cancellationToken);
        Page<RevocationView>? revocations = await FindAsync(Routes.Revocations, RelayApiJson.Default.PageRevocationView, cancellationToken);
        TrustView trust = await relay.GetAsync(Routes.Trust, RelayApiJson.Default.TrustView, cancellationToken);
        FleetView? fleet = await FindAsync(Routes.Fleet, RelayApiJson.Default.FleetView, cancellationToken);
        List<NodeView> nodes = [];
        await foreach (NodeView node in relay.ListAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, cancellationToken))
        {
            nodes.Add(node);
        }

        DateTimeOffset at = fleet?.At ?? timeProvider.GetUtcNow();
        DateTimeOffset silentSince = at.AddMinutes(-FleetView.SilentMinutes);
        HashSet<string> known = channels.Items.Select(channel => channel.Channel).ToHashSet(StringComparer.Ordinal);
        return new()
        {
            At = at,
            Relay = stats,
            Channels = channels.Items,
            Pending = pending?.Items ?? [],
            Revoked = [.. (revocations?.Items ?? []).Select(revoked => new RevokedVersion(revoked, RunningOn(nodes, revoked)))],
            Trust = trust,
            Silent =
            [
                .. nodes.Where(node => node.SeenAt < silentSince && node.BannedAt is null).OrderBy(node => node.SeenAt)
                    .Select(node => new SilentNode(node.Id, node.SeenAt)),
            ],
            WithoutChannel =
                [.. nodes.Where(node => !known.Contains(node.CheckIn.Channel)).Select(node => new LostNode(node.Id, node.CheckIn.Channel))],
            Nodes = nodes,
        };
    }

    // By the bytes: a node may name a version as it likes.
    private static string[] RunningOn(IEnumerable<NodeView> nodes, RevocationView revoked) =>
        [.. nodes.Where(node => node.CheckIn.Models.Any(model => model.Sha256 == revoked.Sha256)).Select(node => node.Id)];

    /// <summary>Null where the relay has no such route.</summary>
    private async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await relay.GetAsync(path, type, cancellationToken);
        }
        catch (RelayException older) when (older.Type == "urn:relay:problem:not-found")
        {
            return null;
        }
    }
}
