using System.Data.Common;
using Dapper;
using Shared.Contracts.Reports;

namespace Relay.Server.Fleet.Usage;

/// <summary>The hourly sums of usage, inside one transaction. They are bounded by time, by rows of an
/// hour, and by what the relay has released.</summary>
internal sealed class UsageTable(DbConnection connection, DbTransaction transaction, long now)
{
    /// <summary>Hours that are kept: 30 days.</summary>
    public const int KeptHours = 30 * 24;

    /// <summary>Rows of one hour: versions in releases, by cohort. Beyond that an hour counts no further ones.</summary>
    public const int RowsPerHour = 512;

    private const long Hour = 60 * 60 * 1000;
    private const long Day = 24 * Hour;

    // A day of windows that a node kept while its relay was away, and the hour that is under way.
    private const long LatestBack = 25 * Hour;

    /// <summary>The hour of an instant, counted from 1970.</summary>
    public static long HourOf(long milliseconds) => Math.DivRem(milliseconds, Hour).Quotient;

    /// <summary>Counts the windows of a report that are new: their ids are above the last one of the
    /// node, and not those of a clock far ahead.</summary>
    /// <param name="last">The last window of the node that was counted.</param>
    /// <returns>The last one now.</returns>
    public long Add(FleetEntry entry, long last)
    {
        if (entry.Refusals.Count > 0)
        {
            AddRefusals(HourOf(now), entry.Cohort, entry.Refusals);
        }

        foreach (UsageWindow window in entry.Windows.Where(w => w.Id <= now + Day))
        {
            if (window.Id > last)
            {
                last = window.Id;
                Add(window, entry.Cohort);
            }
        }

        return last;
    }

    private void Add(UsageWindow window, Cohort cohort)
    {
        // The node's clock decides only among the hours in which a node may keep a window; one that is wrong counts now.
        long hour = HourOf(window.Id >= now - LatestBack && window.Id <= now ? window.Id : now);
        connection.Execute(
            $"""
            INSERT INTO report_hours (hour, cohort, windows, quarantines) VALUES (@hour, @cohort, 1, @Quarantined)
            ON CONFLICT (hour, cohort) DO UPDATE SET
                windows = report_hours.windows + 1,
                quarantines = {Least("report_hours.quarantines + excluded.quarantines")}
            """,
            new { hour, cohort = (int)cohort, window.Quarantined, Maximum = UsageBounds.Count }, transaction);
        if (window.Refusals is { Count: > 0 } refusals)
        {
            AddRefusals(hour, cohort, refusals);
        }

        foreach (VersionUsage usage in window.Versions)
        {
            Add(hour, cohort, usage);
        }
    }

    private void AddRefusals(long hour, Cohort cohort, IReadOnlyDictionary<string, long> refusals)
    {
        RemoveOld();
        foreach ((string reason, long count) in refusals)
        {
            connection.Execute(
                $"""
                INSERT INTO refusal_hours (hour, cohort, reason, refusals) VALUES (@hour, @cohort, @reason, @count)
                ON CONFLICT (hour, cohort, reason) DO UPDATE SET refusals = {Least("refusal_hours.refusals + excluded.refusals")}
                """,
                new { hour, cohort = (int)cohort, reason, count, Maximum = UsageBounds.Count }, transaction);
        }
    }

    private void Add(long hour, Cohort cohort, VersionUsage usage)
    {
        const string Key = "hour = @hour AND release = @Release AND model = @Model AND version = @Version AND cohort = @cohort";
        byte[]? stored = connection.QueryFirstOrDefault<byte[]>(
            $"SELECT bins FROM usage_hours WHERE {Key}", new { hour, cohort = (int)cohort, usage.Release, usage.Model, usage.Version }, transaction);
        if (stored is null && !MakeRoom(hour))
        {
            return;
        }

        UsageBins bins = new();
        bins.Add(stored);
        bins.Add(usage);
        connection.Execute(
            stored is null
                ? """
                  INSERT INTO usage_hours (hour, release, model, version, cohort, windows, calls, rows, failures, caller_faults, bins)
                  VALUES (@hour, @Release, @Model, @Version, @cohort, 1, @Calls, @Rows, @Failures, @CallerFaults, @bins)
                  """
                : $"""
                  UPDATE usage_hours SET
                      windows = windows + 1, calls = {Least("calls + @Calls")}, rows = {Least("rows + @Rows")},
                      failures = {Least("failures + @Failures")}, caller_faults = {Least("caller_faults + @CallerFaults")}, bins = @bins
                  WHERE {Key}
                  """,
            new
            {
                hour,
                cohort = (int)cohort,
                usage.Release,
                usage.Model,
                usage.Version,
                usage.Calls,
                usage.Rows,
                usage.Failures,
                usage.CallerFaults,
                Maximum = UsageBounds.Count,
                bins = bins.ToBytes(),
            },
            transaction);
    }

    private static string Least(string sum) => $"CASE WHEN {sum} > @Maximum THEN @Maximum ELSE {sum} END";

    // Before the first row of its kind in an hour.
    private bool MakeRoom(long hour)
    {
        RemoveOld();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM usage_hours WHERE hour = @hour", new { hour }, transaction) < RowsPerHour;
    }

    private void RemoveOld() => connection.Execute(
        """
        DELETE FROM usage_hours WHERE hour <= @Oldest;
        DELETE FROM refusal_hours WHERE hour <= @Oldest;
        DELETE FROM report_hours WHERE hour <= @Oldest;
        """, new { Oldest = HourOf(now) - KeptHours }, transaction);
}
