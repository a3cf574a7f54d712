using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Relay.Server.Tests.Datasets;
using Relay.Server.Tests.Fleet;
using Relay.Server.Tests.Releases;
using Relay.Server.Tests.Rollouts;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Monitoring;

public sealed partial class MetricsEndpointTests(PublishedRelay published, OwnRelay own) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task Metrics_OfTheRelay_AreThoseOfTheGuide()
    {
        await own.Relay.RestartAsync(options => options with { ObjectStore = new() { Endpoint = new("https://localhost:1"), Bucket = "none" } });
        await SmallDataset.CreateAsync(own.Relay, "documented");
        await own.Relay.PublishAsync("stable", await own.Relay.TrainSmallAsync(trees: 2));
        Scrape scrape = await Scrape.ReadAsync(own.Relay, scrape => scrape.Types.ContainsKey("relay_dataset_rows"));
        string guide = await File.ReadAllTextAsync(
            RepositoryRoot.Combine("docs", "guides", "monitoring.md"), TestContext.Current.CancellationToken);
        (string, string)[] rows = [.. GuideRow().Matches(guide).SelectMany(row => Name().Matches(row.Groups["names"].Value)
            .Select(name => (name.Groups["name"].Value, row.Groups["type"].Value)))];

        (string, string)[] shown = [.. scrape.Types
            .Where(metric => metric.Key.StartsWith("relay_", StringComparison.Ordinal))
            .Select(metric => (metric.Key, metric.Value))];
        Assert.Equal(rows.Order(), shown.Distinct().Order());
        Assert.Equal(1, scrape["relay_datasets"]);
    }

    [Fact]
    public async Task Metrics_RequestsOfAllKinds_AreMeasuredByRouteAndStatus()
    {
        using HttpResponseMessage unknown = await published.Relay.Anonymous.GetAsync($"{Routes.Models}/made-up-for-metrics");

        Scrape scrape = await Scrape.ReadAsync(published.Relay, scrape => scrape.Series.Any(series =>
            series.Name == "http_server_request_duration_seconds_count"
            && series.Labels["http_response_status_code"] == "401" && series.Labels.GetValueOrDefault("http_route") == "/v1/models/{name}"));

        Assert.DoesNotContain("made-up-for-metrics", scrape.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_CheckIns_AreCountedByOutcomeAndNodesByRelease()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 2));
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 3));
        await CheckInAsync(relay, Reports.Valid("behind"));
        await CheckInAsync(relay, Reports.Valid("current") with { Release = 2 });
        await CheckInAsync(relay, Reports.Valid("lost") with { Channel = "made-up" });
        await CheckInAsync(relay, Reports.Valid("refused") with { Release = -1 });

        Scrape scrape = await Scrape.ReadAsync(relay);

        Assert.Equal(3, scrape["relay_check_ins_total", ("outcome", "stored")]);
        Assert.Equal(1, scrape["relay_check_ins_total", ("outcome", "invalid")]);
        Assert.Equal(0, scrape["relay_check_ins_total", ("outcome", "busy")]);
        Assert.Equal(3, scrape["relay_nodes", ("standing", "new")]);
        Assert.Equal(1, scrape["relay_channel_nodes", ("channel", "stable"), ("release", "behind")]);
        Assert.Equal(1, scrape["relay_channel_nodes", ("channel", "stable"), ("release", "current")]);
        Assert.Equal(0, scrape["relay_channel_nodes", ("channel", "stable"), ("release", "candidate")]);
        Assert.Equal(1, scrape["relay_channel_nodes", ("channel", "(other)")]);
        Assert.Equal(3, scrape["relay_nodes_refusals", ("reason", "ArtifactHashMismatch")]);
        Assert.Equal(3, scrape["relay_nodes_quarantined"]);
        Assert.Equal(0, scrape["relay_nodes_silent"]);
        Assert.Equal(2, scrape["relay_training_runs", ("state", "succeeded")]);
        Assert.Equal(2, scrape["relay_training_run_duration_seconds_count", ("outcome", "succeeded")]);
        Assert.Equal(2, scrape["relay_publications_total", ("change", "content")]);
    }

    [Fact]
    [Trait("Attack", "metrics-cardinality")]
    public async Task Metrics_MadeUpNodesPathsMethodsAndReasons_AddNoSeriesPerName()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 2));
        await SendStrangeRequestsAsync(relay, "a");
        Scrape first = await Scrape.ReadAsync(relay, scrape => scrape["relay_nodes"] == 1);
        foreach (string name in (string[])["b", "c", "d", "e", "f", "g", "h"])
        {
            await SendStrangeRequestsAsync(relay, name);
        }

        Scrape second = await Scrape.ReadAsync(relay, scrape => scrape["relay_nodes"] == 8);

        string[] added = [.. second.Series.Select(Describe).Except(first.Series.Select(Describe))
            .Where(series => series.StartsWith("relay_", StringComparison.Ordinal) || series.StartsWith("http_", StringComparison.Ordinal))];
        Assert.DoesNotContain("made-up", second.Text, StringComparison.OrdinalIgnoreCase);

        // The scrapes themselves are requests.
        Assert.All(added, series => Assert.Contains("/metrics", series, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_OpenedByName_NeedNoKeyAndNothingElseIsOpened()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { OpenMetrics = true });

        using HttpResponseMessage metrics = await relay.Anonymous.GetAsync("/metrics");
        using HttpResponseMessage trust = await relay.Anonymous.GetAsync(Routes.Trust);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (metrics.StatusCode, trust.StatusCode));
    }

    [Fact]
    public async Task Metrics_DamagedRepository_OtherFiguresStay()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        string timestamp = Path.Combine(relay.DataFolder, "repository", "metadata", "timestamp.json");
        byte[] whole = await File.ReadAllBytesAsync(timestamp);
        Scrape before = await Scrape.ReadAsync(relay);
        await File.WriteAllTextAsync(timestamp, "{}");

        Scrape damaged = await Scrape.ReadAsync(relay, scrape => scrape["relay_part_readable", ("part", "trust")] == 0);
        await File.WriteAllBytesAsync(timestamp, whole);
        Scrape mended = await Scrape.ReadAsync(relay, scrape => scrape["relay_part_readable", ("part", "trust")] == 1);

        Assert.Contains(before.Series, series => series.Name == "relay_expiry_remaining_seconds");
        Assert.Equal(1, damaged["relay_part_readable", ("part", "storage")]);
        Assert.True(damaged["relay_disk_free_bytes"] > 0);
        Assert.DoesNotContain(damaged.Series, series => series.Name == "relay_expiry_remaining_seconds");
        Assert.Contains(mended.Series, series => series.Name == "relay_expiry_remaining_seconds");
    }

    [Fact]
    public async Task Metrics_PendingPublication_ShowsHowLongItWaits()
    {
        await using OfflineRelay relay = await OfflineRelay.StartAsync();
        string id = await relay.PublishAsync();

        // The summary is enough: the metadata lists all files of the repository, and a scrape reads none of it.
        await File.WriteAllTextAsync(Path.Combine(relay.Relay.DataFolder, "repository", "pending", id, "targets.json"), "{");
        Scrape scrape = await Scrape.ReadAsync(relay.Relay);

        Assert.Equal(1, scrape["relay_pending_publications"]);
        Assert.InRange(scrape["relay_pending_oldest_age_seconds"], 0.001, 600);
    }

    [Fact]
    public async Task Metrics_HaltedRollout_IsCountedByItsReason()
    {
        await using RolloutRelay relay = await RolloutRelay.StartAsync();
        RolloutView begun = await relay.BeginAsync();
        relay.ReportAll(failures: 20);
        await relay.WaitAsync(begun.Id, rollout => rollout.FinishedAt is not null);
        RolloutView second = await relay.BeginAsync();

        Scrape scrape = await Scrape.ReadAsync(relay.Relay);

        Assert.Equal("running", second.Status);
        Assert.Equal(1, scrape["relay_rollouts_running", ("status", "running")]);
        Assert.Equal(1, scrape["relay_rollouts_ended_total", ("outcome", "returned")]);
        Assert.Equal(1, scrape["relay_rollouts_halted_total", ("reason", "evidence")]);
        Assert.Equal(0, scrape["relay_rollouts_halted_total", ("reason", "operator")]);
    }

    private static async Task SendStrangeRequestsAsync(TestRelay relay, string name)
    {
        await CheckInAsync(relay, Reports.Valid($"made-up-{name}") with { Channel = $"made-up-{name}", Release = 7 });
        (await relay.Anonymous.GetAsync($"/made-up-{name}")).Dispose();
        (await relay.Anonymous.GetAsync($"{Routes.Models}/made-up-{name}?made-up-{name}=1")).Dispose();
        using HttpRequestMessage strange = new(new HttpMethod($"MADE-UP-{name}"), Routes.Models);
        (await relay.Anonymous.SendAsync(strange)).Dispose();
    }

    private static async Task CheckInAsync(TestRelay relay, CheckIn report)
    {
        using HttpResponseMessage response = await relay.Anonymous.PostAsJsonAsync(
            Routes.CheckInsOf(report.Node), report, RelayApiJson.Default.CheckIn);
    }

    private static string Describe(MetricSeries series) =>
        series.Name + string.Concat(series.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $" {label.Key}={label.Value}"));

    [GeneratedRegex(@"^\| (?<names>`relay_.*?) \| (?<type>counter|gauge|histogram) \|", RegexOptions.Multiline)]
    private static partial Regex GuideRow();

    [GeneratedRegex("`(?<name>relay_[a-z_]+)`")]
    private static partial Regex Name();
}
