using System.Globalization;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>A release of the history of nodes by release.</summary>
public static class AdoptionRelease
{
    /// <summary>The number of the releases that have no number of their own; it is after all others.</summary>
    public const int Others = int.MaxValue;

    public static int NumberOf(FleetAdoptionRelease release) => release.Release ?? Others;

    public static string NameOf(int number) => number switch
    {
        Others => "Other releases",
        0 => "No release",
        _ => string.Create(CultureInfo.InvariantCulture, $"Release {number}"),
    };

    public static long NodesOf(FleetAdoptionPoint point, int number) =>
        point.Releases.Where(release => NumberOf(release) == number).Sum(release => release.Nodes);

    /// <summary>From 0 to 1; null where there were no nodes.</summary>
    public static double? ShareOf(FleetAdoptionPoint point, int number) =>
        point.Releases.Sum(release => release.Nodes) is > 0 and var nodes ? (double)NodesOf(point, number) / nodes : null;
}
