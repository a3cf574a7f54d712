using System.Globalization;
using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.Server.Tests.Monitoring;

/// <summary>What one request to <c>/metrics</c> answered.</summary>
internal sealed partial class Scrape
{
    private Scrape(string text)
    {
        Text = text;
        Types = TypeLine().Matches(text).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["type"].Value);
        Series = SeriesLine().Matches(text)
            .Select(match => new MetricSeries(
                match.Groups["name"].Value,
                Label().Matches(match.Groups["labels"].Value)
                    .ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value, StringComparer.Ordinal),
                double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)))
            .ToArray();
    }

    public string Text { get; }

    /// <summary>Types of metrics by their names.</summary>
    public IReadOnlyDictionary<string, string> Types { get; }

    public IReadOnlyList<MetricSeries> Series { get; }

    /// <summary>The sum of the series of a metric that have the labels; not a number where there is none.</summary>
    public double this[string name, params (string Name, string Value)[] labels] => Series
        .Where(series => series.Name == name && labels.All(label => series.Labels.GetValueOrDefault(label.Name) == label.Value))
        .Select(series => series.Value)
        .DefaultIfEmpty(double.NaN)
        .Sum();

    public static async Task<Scrape> ReadAsync(TestRelay relay) =>
        new(await relay.Admin.GetStringAsync("/metrics", TestContext.Current.CancellationToken));

    /// <summary>Answers are kept for a second: reads until one is as expected.</summary>
    public static Task<Scrape> ReadAsync(TestRelay relay, Predicate<Scrape> isExpected) => Eventually.GetAsync(
        () => ReadAsync(relay), isExpected, "the metrics showed it", TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    public override string ToString() => Text;

    [GeneratedRegex(@"^# TYPE (?<name>\S+) (?<type>\S+)$", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^(?<name>[a-z_0-9]+)(\{(?<labels>.*)\})? (?<value>\S+)$", RegexOptions.Multiline)]
    private static partial Regex SeriesLine();

    [GeneratedRegex("(?<name>[a-z_0-9]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Label();
}

internal sealed record MetricSeries(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
