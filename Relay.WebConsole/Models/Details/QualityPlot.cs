using Relay.Cards.Plots;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Models.Details;

/// <summary>Versions by their size and their quality.</summary>
internal static class QualityPlot
{
    private const double Kilobyte = 1000;

    /// <summary>Names of more points than these cover each other.</summary>
    private const int MaximumLabels = 15;

    private const string Champion = "champion";

    public static string Draw(IReadOnlyList<VersionView> versions, IReadOnlyList<AliasView> aliases)
    {
        string figure = versions[0].Quality.Name;
        VersionView[] comparable = [.. versions.Where(version => version.Quality.Name == figure && double.IsFinite(version.Quality.Value))];
        int? champion = aliases.FirstOrDefault(alias => alias.Alias == Champion)?.Version;
        VersionView? marked = comparable.FirstOrDefault(version => version.Version == champion);
        PlotSeries[] series =
        [
            .. comparable.GroupBy(version => version.State ?? VersionView.Unpublished)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new PlotSeries(group.Key, [.. group.Select(Place)])
                {
                    HasDots = true,
                    HasLine = false,
                    Labels = comparable.Length > MaximumLabels ? [] : [.. group.Select(version => FormattableString.Invariant($"{version.Version}"))],
                    Marked = marked is not null && group.Contains(marked) ? Place(marked) : null,
                }),
        ];
        return new LinePlot(
            $"Size against {figure}",
            marked is null ? "Each point is a version, with its number." : $"Each point is a version, with its number; the ring is {Champion}.",
            PlotAxis.Around("kilobytes", comparable.Select(version => version.SizeBytes / Kilobyte)),
            PlotAxis.Around(figure, comparable.Select(version => version.Quality.Value)), series).ToSvg("quality");
    }

    private static (double X, double Y) Place(VersionView version) => (version.SizeBytes / Kilobyte, version.Quality.Value);
}
