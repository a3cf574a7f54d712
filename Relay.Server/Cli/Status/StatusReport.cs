using System.Text.Json.Serialization;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Status;

/// <summary>All that <c>relay status</c> shows.</summary>
internal sealed record StatusReport
{
    /// <summary>When the relay was asked, by its clock; by that of this machine where the relay does not tell.</summary>
    public required DateTimeOffset At { get; init; }

    public required RelayStats Relay { get; init; }

    public required IReadOnlyList<ChannelView> Channels { get; init; }

    /// <summary>What waits for signatures of offline keys.</summary>
    public required IReadOnlyList<PendingView> Pending { get; init; }

    public required IReadOnlyList<RevokedVersion> Revoked { get; init; }

    public required TrustView Trust { get; init; }

    /// <summary>Nodes that have not reported for <see cref="FleetView.SilentMinutes"/>, without banned ones.</summary>
    public required IReadOnlyList<SilentNode> Silent { get; init; }

    /// <summary>Nodes that follow a channel which the relay does not have.</summary>
    public required IReadOnlyList<LostNode> WithoutChannel { get; init; }

    public required IReadOnlyList<NodeView> Nodes { get; init; }
}

/// <summary>A revoked version and what still has it.</summary>
/// <param name="Nodes">The nodes that run it, by their latest reports.</param>
internal sealed record RevokedVersion(RevocationView Revocation, IReadOnlyList<string> Nodes);

/// <param name="SeenAt">Its latest report, by the relay's clock.</param>
internal sealed record SilentNode(string Id, DateTimeOffset SeenAt);

/// <param name="Channel">What it follows by its latest report.</param>
internal sealed record LostNode(string Id, string Channel);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class StatusJson : JsonSerializerContext;
