using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Usage;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Reports;

namespace Relay.Server.Tests.Fleet;

public sealed partial class FleetOverviewTests : IAsyncLifetime
{
    private TestRelay _relay = null!;

    private RelayDatabase Database => _relay.Services.GetRequiredService<RelayDatabase>();

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync());
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Fleet_NodesWithoutAReportForAnHour_AreSilentUntilTheyReportOrAreRemoved()
    {
        await StoreAsync(Report("a"));
        await StoreAsync(Report("b"));
        await StoreAsync(Report("c"));
        using (DbConnection connection = _relay.OpenDatabase())
        {
            long minute = 60 * 1000;
            await connection.ExecuteAsync("UPDATE nodes SET seen_at = seen_at - @ago WHERE id = 'a'", new { ago = 50 * minute });
            await connection.ExecuteAsync("UPDATE nodes SET seen_at = seen_at - @ago WHERE id IN ('b', 'c')", new { ago = 70 * minute });
        }

        long? silent = (await ReadAsync()).Silent;
        await StoreAsync(Report("b"));
        long? afterReport = (await ReadAsync()).Silent;
        await _relay.Services.GetRequiredService<NodeStore>().RemoveAsync("c");

        Assert.Equal((2, 1, 0), (silent, afterReport, (await ReadAsync()).Silent));
    }

    [Fact]
    public async Task Fleet_ReportsAndRemovals_CountEachNodeOnceByItsLatestReport()
    {
        await StoreAsync(Report("a"));
        await StoreAsync(Report("a") with { Stale = true });
        await StoreAsync(Report("b") with { Quarantine = [] });
        await StoreAsync(Report("c") with { Channel = "made-up", Release = 77 });
        await StoreAsync(Report("removed"));
        await _relay.Services.GetRequiredService<NodeStore>().RemoveAsync("removed");

        FleetView fleet = await ReadAsync();

        Assert.Equal((3, 1, 2), (fleet.Nodes, fleet.Stale, fleet.Quarantined));
        Assert.Equal(3, fleet.Standings.Values.Sum());
        Assert.Equal([new FleetRelease("stable", 1, 2, 1, 1), new FleetRelease(null, null, 1, 0, 1)], fleet.Releases);
        Assert.Equal([new FleetVersion("small", 1, 2)], fleet.Versions);
        Assert.Equal([new FleetChannel("stable", 1, null, null) { Nodes = 2 }], fleet.Channels);
        Assert.Equal(1, fleet.Elsewhere);
    }

    [Fact]
    public async Task Fleet_WindowsOfManyNodes_AddUpByVersionReleaseAndCohort()
    {
        for (int i = 0; i < 3; i++)
        {
            await StoreAsync(Report($"node-{i}") with { Windows = [Window(Now)] }, Cohort.Candidate);
        }

        await StoreAsync(Report("other") with { Windows = [Window(Now), Window(Now + 1)] }, Cohort.Control);
        FleetView fleet = await ReadAsync();

        FleetUsage candidate = fleet.Usage.Single(u => u.Cohort == "candidate");
        FleetUsage control = fleet.Usage.Single(u => u.Cohort == "control");
        Assert.Equal(("small", 1, 1, 3, 30, 27, 2 * 3, 3), (candidate.Model, candidate.Version, candidate.Release, candidate.Windows, candidate.Calls,
            candidate.Rows, candidate.Failures, candidate.CallerFaults));
        Assert.Equal((2, 20), (control.Windows, control.Calls));
        Assert.Equal((12, 21), (candidate.Latency!.Timed, candidate.Labels.Sum(l => l.Rows)));
        Assert.Equal(9, candidate.Scores[19]);
        Assert.DoesNotContain(candidate.Labels, l => l.Label.StartsWith('#'));
        Assert.Equal(5, fleet.Quarantines);
        Assert.Equal([new FleetRefusals(nameof(RefusalReason.GoldenVectorMismatch), 10), new FleetRefusals("other", 5)], fleet.Refusals);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(721)]
    public async Task Fleet_HoursOutOfBounds_AreRefused(int hours)
    {
        using HttpResponseMessage response = await _relay.Admin.GetAsync($"{Routes.Fleet}?hours={hours}");

        Assert.Equal("malformed-request", await response.ProblemTypeAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Fleet_HundredThousandNodes_IsReadFromCountsAloneAndStaysWithinItsBytes()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, "PostgreSQL keeps each count of a statement until its end: nodes do not come by the thousand");
        Database.Write((connection, transaction) => connection.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
            INSERT INTO nodes (id, check_in, seen_at, first_seen_at, standing, fleet)
            SELECT 'node-' || i, '{}', 0, 0, i % 3, '{"channel":"channel-' || (i % 100) || '","release":' || (i % 50)
                || ',"stale":' || CASE WHEN i % 10 = 0 THEN 1 ELSE 0 END || ',"quarantined":0,"models":[{"model":"model-' || (i % 300) || '","version":1}]}'
            FROM n
            """, transaction: transaction));
        Database.Write((connection, transaction) => connection.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 512)
            INSERT INTO usage_hours (hour, release, model, version, cohort, windows, calls, rows, failures, caller_faults, bins)
            SELECT @hour, i, 'model-' || i, 1, 2, 1, @big, @big, @big, 0, @bins FROM n
            """,
            new { hour = UsageTable.HourOf(Now), big = UsageBounds.Count, bins = Enumerable.Repeat((byte)1, 148 * 8).ToArray() }, transaction));

        FleetView before = await ReadAsync();
        DropNodes();
        using HttpResponseMessage response = await _relay.Admin.GetAsync(Routes.Fleet);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        FleetView after = (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.FleetView))!;

        Assert.Equal((100_000, 10_000), (after.Nodes, after.Stale));
        Assert.Equal((before.Nodes, before.Releases.Count), (after.Nodes, after.Releases.Count));
        Assert.InRange(body.Length, FleetView.MaximumBytes / 4, FleetView.MaximumBytes);
        Assert.InRange(after.Omitted, 512, 2_000);
        Assert.Equal(100_000, after.Elsewhere + after.Channels.Sum(channel => channel.Nodes));
        Assert.NotEmpty(after.Usage);
    }

    [Fact]
    public async Task Migration_NodesOfBefore_AreCounted()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, TestSql.OfSqlite);
        await StoreAsync(Report("a"));
        FleetView before = await ReadAsync();
        Database.Write((connection, transaction) => connection.Execute(
            """
            DROP TRIGGER fleet_node_added; DROP TRIGGER fleet_node_removed; DROP TRIGGER fleet_node_changed;
            DROP TABLE fleet_counts; DROP TABLE fleet_versions; DROP TABLE usage_hours; DROP TABLE refusal_hours; DROP TABLE report_hours;
            ALTER TABLE nodes DROP COLUMN fleet; ALTER TABLE nodes DROP COLUMN last_window;
            """ + FleetCountsSchema.Step, transaction: transaction));

        FleetView after = await ReadAsync();

        Assert.Equal((before.Nodes, before.Quarantined), (after.Nodes, after.Quarantined));
        Assert.Equal(before.Releases, after.Releases);
        Assert.Equal(before.Versions, after.Versions);
        await StoreAsync(Report("a") with { Stale = true });
        Assert.Equal([new FleetRelease("stable", 1, 1, 1, 1)], (await ReadAsync()).Releases);
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static CheckIn Report(string node) => Reports.Valid(node);

    private static UsageWindow Window(long id) => new()
    {
        Id = id,
        Seconds = 300,
        Quarantined = 1,
        Refusals = new Dictionary<string, long> { [nameof(RefusalReason.GoldenVectorMismatch)] = 2, ["ReasonOfTomorrow"] = 1 },
        Versions =
        [
            new VersionUsage
            {
                Release = 1, Model = "small", Version = 1, Calls = 10, Rows = 9, Failures = 2, CallerFaults = 1,
                Latency = new BinCounts(20, [1, 2, 1]), Labels = new BinCounts(0, [4, 3]), Scores = new BinCounts(18, [4, 3]),
            },
        ],
    };

    // No statement of the answer can read what is not there.
    private void DropNodes() =>
        Database.Write((connection, transaction) => connection.Execute("DROP TABLE check_ins; DROP TABLE nodes", transaction: transaction));

    private Task StoreAsync(CheckIn report, Cohort cohort = Cohort.None) => _relay.Services.GetRequiredService<NodeStore>().StoreAsync(
        report,
        entry: FleetEntry.Create(report, isSigned: true, _relay.Services.GetRequiredService<RepositoryCache>().Read()) with { Cohort = cohort });

    private async Task<FleetView> ReadAsync() => (await _relay.Admin.GetFromJsonAsync(Routes.Fleet, RelayApiJson.Default.FleetView))!;
}
