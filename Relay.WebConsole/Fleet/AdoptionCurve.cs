using Relay.Cards.Plots;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>The curve of each release. Counts hold until the next, so that the lines have steps.</summary>
internal static class AdoptionCurve
{
    public static LinePlot Create(AdoptionModel model)
    {
        (string unit, TimeSpan length) = model.Days == 1 ? ("hours", TimeSpan.FromHours(1)) : ("days", TimeSpan.FromDays(1));
        FleetAdoption adoption = model.Adoption;
        return new LinePlot(
            "Share of nodes by release", "The table below has the counts.",
            new PlotAxis($"{unit} before now", Place(adoption.From), 0), PlotAxis.Share("share of nodes"),
            [.. model.Releases.Select(release => new PlotSeries(
                AdoptionRelease.NameOf(release).ToLowerInvariant(), [.. Steps(adoption, release).Select(step => (Place(step.At), step.Share))]))]);

        double Place(DateTimeOffset at) => (at - adoption.To) / length;
    }

    private static IEnumerable<(DateTimeOffset At, double Share)> Steps(FleetAdoption adoption, int release)
    {
        double? held = null;
        foreach (FleetAdoptionPoint point in adoption.Points)
        {
            double share = AdoptionRelease.ShareOf(point, release) ?? 0;
            if (held is { } before && before != share)
            {
                yield return (point.At, before);
            }

            if (held != share)
            {
                yield return (point.At, share);
            }

            held = share;
        }

        if (held is { } last)
        {
            yield return (adoption.To, last);
        }
    }
}
