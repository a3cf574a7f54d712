using System.Globalization;
using Relay.WebConsole.Components;
using Relay.WebConsole.Layout;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>The nodes of a channel by release, each with the list of them.</summary>
internal static class ReleaseParts
{
    /// <param name="channel">Null: channels that the relay does not have.</param>
    /// <returns>All nodes of the channel: those of releases that the view leaves out are one part. Empty where no node follows it.</returns>
    public static IReadOnlyList<SharePart> Create(string? channel, FleetView fleet)
    {
        FleetRelease[] releases =
            [.. fleet.Releases.Where(release => release.Channel == channel).OrderByDescending(release => release.Nodes)];
        long all = (channel is null ? fleet.Elsewhere : fleet.Channels.FirstOrDefault(one => one.Channel == channel)?.Nodes) ?? 0;
        long left = all - releases.Sum(release => release.Nodes);
        IEnumerable<SharePart> rest = left > 0 ? [new("further releases", left, PathOf(channel, release: null))] : [];
        return
        [
            .. releases.Select(release => new SharePart(
                release.Release switch { null => "unknown releases", 0 => "no release yet", { } number => $"release {number}" }, release.Nodes,
                release.Release is null ? null : PathOf(channel, release.Release))),
            .. rest,
        ];
    }

    private static string? PathOf(string? channel, int? release) => channel is null
        ? null
        : ConsolePaths.With(ConsolePaths.Fleet, ("channel", channel), ("release", release?.ToString(CultureInfo.InvariantCulture)));
}
