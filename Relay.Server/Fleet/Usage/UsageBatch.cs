using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Reports;

namespace Relay.Server.Fleet.Usage;

/// <summary>What the reports of one transaction add to the hourly sums: a row that all of them add to is written once.</summary>
internal sealed class UsageBatch : ISharedWork
{
    private readonly Dictionary<(long Hour, int Cohort), (long Windows, long Quarantines)> _reports = [];
    private readonly Dictionary<(long Hour, int Cohort, string Reason), long> _refusals = [];
    private readonly Dictionary<(long Hour, int Release, string Model, int Version, int Cohort), Sum> _usage = [];
    private long _now;

    /// <param name="now">Of the report; the latest says what is too old to be kept.</param>
    public void Add(long hour, Cohort cohort, UsageWindow window, long now)
    {
        _now = Math.Max(_now, now);
        (long windows, long quarantines) = _reports.GetValueOrDefault((hour, (int)cohort));
        _reports[(hour, (int)cohort)] = (windows + 1, Limit(quarantines + window.Quarantined));
        foreach (VersionUsage usage in window.Versions)
        {
            (long, int, string, int, int) key = (hour, usage.Release, usage.Model, usage.Version, (int)cohort);
            if (!_usage.TryGetValue(key, out Sum? sum))
            {
                _usage[key] = sum = new();
            }

            sum.Add(usage);
        }
    }

    public void AddRefusals(long hour, Cohort cohort, IReadOnlyDictionary<string, long> refusals, long now)
    {
        _now = Math.Max(_now, now);
        foreach ((string reason, long count) in refusals)
        {
            (long, int, string) key = (hour, (int)cohort, reason);
            _refusals[key] = Limit(_refusals.GetValueOrDefault(key) + count);
        }
    }

    public void Write(DbConnection connection, DbTransaction transaction)
    {
        foreach (((long hour, int cohort), (long windows, long quarantines)) in _reports)
        {
            connection.Execute(
                $"""
                INSERT INTO report_hours (hour, cohort, windows, quarantines) VALUES (@hour, @cohort, @windows, @quarantines)
                ON CONFLICT (hour, cohort) DO UPDATE SET
                    windows = report_hours.windows + excluded.windows, quarantines = {Limit("report_hours.quarantines + excluded.quarantines")}
                """,
                new { hour, cohort, windows, quarantines, Maximum = UsageBounds.Count }, transaction);
        }

        if (_refusals.Count > 0)
        {
            RemoveOld(connection, transaction);
        }

        foreach (((long hour, int cohort, string reason), long count) in _refusals)
        {
            connection.Execute(
                $"""
                INSERT INTO refusal_hours (hour, cohort, reason, refusals) VALUES (@hour, @cohort, @reason, @count)
                ON CONFLICT (hour, cohort, reason) DO UPDATE SET refusals = {Limit("refusal_hours.refusals + excluded.refusals")}
                """,
                new { hour, cohort, reason, count, Maximum = UsageBounds.Count }, transaction);
        }

        foreach (((long hour, int release, string model, int version, int cohort), Sum sum) in _usage)
        {
            sum.Write(connection, transaction, new(hour, release, model, version, cohort), () => MakeRoom(connection, transaction, hour));
        }
    }

    // Before the first row of its kind in an hour.
    private bool MakeRoom(DbConnection connection, DbTransaction transaction, long hour)
    {
        RemoveOld(connection, transaction);
        return connection.ExecuteScalar<long>("SELECT count(*) FROM usage_hours WHERE hour = @hour", new { hour }, transaction)
            < UsageTable.RowsPerHour;
    }

    private void RemoveOld(DbConnection connection, DbTransaction transaction) => connection.Execute(
        """
        DELETE FROM usage_hours WHERE hour <= @Oldest;
        DELETE FROM refusal_hours WHERE hour <= @Oldest;
        DELETE FROM report_hours WHERE hour <= @Oldest;
        """, new { Oldest = UsageTable.HourOf(_now) - UsageTable.KeptHours }, transaction);

    private static string Limit(string sum) => $"CASE WHEN {sum} > @Maximum THEN @Maximum ELSE {sum} END";

    private static long Limit(long sum) => Math.Min(sum, UsageBounds.Count);

    private sealed record Key(long Hour, int Release, string Model, int Version, int Cohort);

    /// <summary>What is added to one row.</summary>
    private sealed class Sum
    {
        private const string IsRow = "hour = @Hour AND release = @Release AND model = @Model AND version = @Version AND cohort = @Cohort";
        private readonly UsageBins _bins = new();
        private long _windows;
        private long _calls;
        private long _rows;
        private long _failures;
        private long _callerFaults;

        public void Add(VersionUsage usage)
        {
            _windows++;
            _calls = Limit(_calls + usage.Calls);
            _rows = Limit(_rows + usage.Rows);
            _failures = Limit(_failures + usage.Failures);
            _callerFaults = Limit(_callerFaults + usage.CallerFaults);
            _bins.Add(usage);
        }

        /// <param name="makeRoom">Says whether one more row has a place.</param>
        public void Write(DbConnection connection, DbTransaction transaction, Key key, Func<bool> makeRoom)
        {
            byte[]? stored = connection.QueryFirstOrDefault<byte[]>($"SELECT bins FROM usage_hours WHERE {IsRow}", key, transaction);
            if (stored is null && !makeRoom())
            {
                return;
            }

            _bins.Add(stored);
            connection.Execute(
                stored is null
                    ? """
                      INSERT INTO usage_hours (hour, release, model, version, cohort, windows, calls, rows, failures, caller_faults, bins)
                      VALUES (@Hour, @Release, @Model, @Version, @Cohort, @windows, @calls, @rows, @failures, @callerFaults, @bins)
                      """
                    : $"""
                      UPDATE usage_hours SET
                          windows = windows + @windows, calls = {Limit("calls + @calls")}, rows = {Limit("rows + @rows")},
                          failures = {Limit("failures + @failures")}, caller_faults = {Limit("caller_faults + @callerFaults")}, bins = @bins
                      WHERE {IsRow}
                      """,
                new
                {
                    key.Hour,
                    key.Release,
                    key.Model,
                    key.Version,
                    key.Cohort,
                    windows = _windows,
                    calls = _calls,
                    rows = _rows,
                    failures = _failures,
                    callerFaults = _callerFaults,
                    Maximum = UsageBounds.Count,
                    bins = _bins.ToBytes(),
                },
                transaction);
        }
    }
}
