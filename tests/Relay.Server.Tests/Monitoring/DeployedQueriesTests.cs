using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.Server.Tests.Datasets;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Monitoring;

/// <summary>The alerts and the dashboard in <c>deploy</c> ask for what a relay shows.</summary>
public sealed partial class DeployedQueriesTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private const string PrometheusOwn = "up";

    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "sum", "min", "max", "by", "or", "and", "on", "unless", "absent", "increase", "rate", "resets", "min_over_time",
        "histogram_quantile", "label_values",
    };

    /// <summary>Labels that Prometheus gives, and that of a histogram's buckets.</summary>
    private static readonly HashSet<string> OwnLabels = new(["job", "instance", "le"], StringComparer.Ordinal);

    [Fact]
    public async Task Queries_EachMetricLabelAndValue_IsWhatARelayShows()
    {
        string[] queries = [.. AlertQueries(), .. DashboardQueries()];
        Scrape scrape = await ReadAsync();
        List<string> wrong = [];
        foreach (string query in queries)
        {
            string[] metrics = [.. MetricNames(query).Distinct(StringComparer.Ordinal)];
            Assert.NotEmpty(metrics);
            wrong.AddRange(metrics.Where(metric => scrape.Series.All(series => series.Name != metric)).Select(metric => $"{metric} in {query}"));
            foreach (Match selector in Selector().Matches(query))
            {
                wrong.AddRange(FindWrongMatchers(scrape, selector.Groups["metric"].Value, selector.Groups["matchers"].Value));
            }
        }

        Assert.True(queries.Length > 30, $"{queries.Length} queries");
        Assert.Empty(wrong);
    }

    [Fact]
    public void MetricNames_OfAQuery_LeaveOutFunctionsLabelsAndNumbers() => Assert.Equal(
        ["relay_a_total", "relay_b"],
        MetricNames("""sum by (job, made_up) (rate(relay_a_total{x="up_y", z!~"w"}[10m])) > 0.05 * relay_b / 20 * 3600"""));

    [Fact]
    public async Task Alerts_EachHasItsSectionInTheRunbook()
    {
        string rules = await ReadFileAsync("deploy", "prometheus", "alerts.yml");
        string runbook = await ReadFileAsync("docs", "guides", "runbook.md");
        string[] alerts = [.. Alert().Matches(rules).Select(match => match.Groups["name"].Value)];

        Assert.Equal(alerts, Heading().Matches(runbook).Select(match => match.Groups["name"].Value));
        Assert.Equal(alerts.Select(alert => alert.ToLowerInvariant()), Runbook().Matches(rules).Select(match => match.Groups["anchor"].Value));
        Assert.All(
            runbook.Split("\n### ").Skip(1),
            section => Assert.Equal(["Means", "Look", "Do", "Clears"], Part().Matches(section).Select(match => match.Groups["part"].Value)));
    }

    /// <summary>A relay that has done of each kind what makes series: a run, a publication, a report, a failed run.</summary>
    private async Task<Scrape> ReadAsync()
    {
        TestRelay relay = fixture.Relay;
        await relay.RestartAsync(options => options with { ObjectStore = new() { Endpoint = new("https://localhost:1"), Bucket = "none" } });
        await SmallDataset.CreateAsync(relay, "rows");
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 2));
        using HttpResponseMessage report = await relay.Anonymous.PostAsync(
            Routes.CheckInsOf("node"), HttpResponses.Json(JsonSerializer.Serialize(
                Reports.Valid("node"), RelayApiJson.Default.CheckIn)));
        report.EnsureSuccessStatusCode();
        return await Scrape.ReadAsync(relay, scrape => scrape["relay_nodes"] > 0);
    }

    /// <summary>A label that the metric lacks, or a value that none of its series has. Values of requests depend on what was asked.</summary>
    private static IEnumerable<string> FindWrongMatchers(Scrape scrape, string metric, string matchers)
    {
        MetricSeries[] series = [.. scrape.Series.Where(series => series.Name == metric)];
        foreach (Match matcher in Matcher().Matches(matchers))
        {
            string label = matcher.Groups["label"].Value;
            if (OwnLabels.Contains(label) || metric == PrometheusOwn)
            {
                continue;
            }

            string[] values = [.. series.Where(one => one.Labels.ContainsKey(label)).Select(one => one.Labels[label])];
            if (values.Length == 0)
            {
                yield return $"{metric} has no label {label}";
            }

            if (metric.StartsWith("relay_", StringComparison.Ordinal) && metric != "relay_training_run_duration_seconds_count")
            {
                foreach (string value in matcher.Groups["value"].Value.Split('|').Except(values))
                {
                    yield return $"{metric} has no {label} {value}";
                }
            }
        }
    }

    private static IEnumerable<string> MetricNames(string query)
    {
        string bare = Grouping().Replace(Braces().Replace(Range().Replace(query, ""), ""), " ");
        return Identifier().Matches(bare).Select(match => match.Value).Where(name => !Words.Contains(name) && name != PrometheusOwn && name != "job");
    }

    private static IEnumerable<string> AlertQueries() =>
        Expression().Matches(File.ReadAllText(RepositoryRoot.Combine("deploy", "prometheus", "alerts.yml")))
            .Select(match => match.Groups["query"].Value)
            .Where(query => MetricNames(query).Any());

    private static IEnumerable<string> DashboardQueries()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Combine("deploy", "grafana", "relay.json")));
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Concat(dashboard.RootElement.GetProperty("annotations").GetProperty("list").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!),
            .. dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
                .Where(variable => variable.TryGetProperty("definition", out _))
                .Select(variable => variable.GetProperty("definition").GetString()!),
        ];
    }

    private static Task<string> ReadFileAsync(params string[] path) =>
        File.ReadAllTextAsync(RepositoryRoot.Combine(path), TestContext.Current.CancellationToken);

    [GeneratedRegex(@"^ +expr: (>-\n)?(?<query>(.+?)(\n {10}.+?)*)$", RegexOptions.Multiline)]
    private static partial Regex Expression();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\bby \([^)]*\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\b[a-z][a-z_0-9]*\b")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"(?<metric>[a-z_0-9]+)\{(?<matchers>[^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex("(?<label>[a-z_0-9]+)(=~|!~|!=|=)\"(?<value>[^\"]*)\"")]
    private static partial Regex Matcher();

    [GeneratedRegex("^ +- alert: (?<name>[A-Za-z]+)$", RegexOptions.Multiline)]
    private static partial Regex Alert();

    [GeneratedRegex("^### (?<name>[A-Za-z]+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\*\*(?<part>\w+):\*\*", RegexOptions.Multiline)]
    private static partial Regex Part();

    [GeneratedRegex(@"runbook: docs/guides/runbook\.md#(?<anchor>[a-z]+)$", RegexOptions.Multiline)]
    private static partial Regex Runbook();
}
