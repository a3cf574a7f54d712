using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>The share of each release in the use of the fleet, over the last hours. The relay keeps use by hour and no count of nodes: a node that
/// runs a release sends a usage window of it every few minutes, so that windows stand for the time of nodes.</summary>
public sealed record AdoptionModel
{
    private const int Shown = 8;
    private static readonly int[] DaySteps = [1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24];

    /// <summary>1 for a day, or 7 or 30.</summary>
    public required int Days { get; init; }

    /// <summary>The parts of the time, the oldest first.</summary>
    public required IReadOnlyList<AdoptionPart> Parts { get; init; }

    /// <summary>Those with the most use, by number.</summary>
    public IReadOnlyList<int> Releases =>
    [
        .. Parts.SelectMany(part => part.Windows).GroupBy(windows => windows.Key)
            .OrderByDescending(release => release.Sum(windows => windows.Value)).Take(Shown).Select(release => release.Key).Order(),
    ];

    internal static async Task<AdoptionModel> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        int days = request.Number("days") is 7 or 30 ? request.Number("days")!.Value : 1;
        List<AdoptionPart> parts = [];
        IReadOnlyDictionary<int, long> sum = new Dictionary<int, long>();
        int from = 0;
        foreach (int hours in DaySteps.Select(step => step * days))
        {
            IReadOnlyDictionary<int, long> longer = Count(await request.Api.Nodes.ReadFleetAsync(hours, cancellationToken));
            IReadOnlyDictionary<int, long> before = sum;
            parts.Add(new AdoptionPart(
                (from + hours) / 2.0,
                longer.Select(release => KeyValuePair.Create(release.Key, Math.Max(0, release.Value - before.GetValueOrDefault(release.Key))))
                    .ToDictionary()));
            (sum, from) = (longer, hours);
        }

        parts.Reverse();
        return new AdoptionModel { Days = days, Parts = parts };
    }

    /// <summary>The windows of each release. A window has all models of its release, so that one model counts.</summary>
    private static Dictionary<int, long> Count(FleetView fleet) => fleet.Usage.GroupBy(usage => usage.Release).ToDictionary(
        release => release.Key, release => release.GroupBy(usage => usage.Model).Max(model => model.Sum(usage => usage.Windows)));
}

/// <summary>A part of the time.</summary>
/// <param name="HoursAgo">Of its middle.</param>
/// <param name="Windows">Usage windows by release.</param>
public sealed record AdoptionPart(double HoursAgo, IReadOnlyDictionary<int, long> Windows)
{
    public long Sum => Windows.Values.Sum();

    /// <summary>From 0 to 1; null where there was no use.</summary>
    public double? ShareOf(int release) => Sum == 0 ? null : (double)Windows.GetValueOrDefault(release) / Sum;
}
