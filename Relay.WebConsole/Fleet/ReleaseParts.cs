using System.Globalization;
using Relay.WebConsole.Components;
using Relay.WebConsole.Layout;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>The nodes of a channel by release, each with the list of them.</summary>
internal static class ReleaseParts
{
    /// <param name="channel">Null: channels that the relay does not have.</param>
    public static IReadOnlyList<SharePart> Create(string? channel, IEnumerable<FleetRelease> releases) =>
    [
        .. releases.OrderByDescending(release => release.Nodes).Select(release => new SharePart(
            release.Release switch { null => "other releases", 0 => "no release yet", { } number => $"release {number}" }, release.Nodes,
            channel is null || release.Release is null ? null : ConsolePaths.With(
                ConsolePaths.Fleet, ("channel", channel), ("release", release.Release?.ToString(CultureInfo.InvariantCulture))))),
    ];
}
