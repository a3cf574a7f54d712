using System.Data.Common;
using Dapper;
using Relay.Server.Models;
using Shared.Contracts.Api;
using Shared.Contracts.Reports;

namespace Relay.Server.Fleet.Usage;

/// <summary>The usage of a version, as part of one release, by one cohort, over several hours.</summary>
internal sealed class UsageSum(string model, int version, int release, Cohort cohort)
{
    private const int LabelsShown = 10;
    private const double NanosecondsPerMicrosecond = 1000;
    private readonly UsageBins _bins = new();
    private long _windows;
    private long _rows;
    private long _failures;
    private long _callerFaults;

    public long Calls { get; private set; }

    /// <summary>The sums over the hours after one.</summary>
    public static IReadOnlyCollection<UsageSum> Read(DbConnection connection, DbTransaction transaction, long after)
    {
        Dictionary<(int Release, string Model, int Version, Cohort Cohort), UsageSum> sums = [];
        foreach (Row row in connection.Query<Row>(
            """
            SELECT release, model, version, cohort, windows, calls, rows, failures, caller_faults AS CallerFaults, bins
            FROM usage_hours WHERE hour > @after
            """, new { after }, transaction, buffered: false))
        {
            (int, string, int, Cohort) key = (row.Release, row.Model, row.Version, (Cohort)row.Cohort);
            if (!sums.TryGetValue(key, out UsageSum? sum))
            {
                sums.Add(key, sum = new UsageSum(row.Model, row.Version, row.Release, (Cohort)row.Cohort));
            }

            sum.Add(row);
        }

        return sums.Values;
    }

    public FleetUsage ToView(VersionStore versions) => new()
    {
        Model = model,
        Version = version,
        Release = release,
        Cohort = Cohorts.NameOf(cohort),
        Windows = _windows,
        Calls = Calls,
        Rows = _rows,
        Failures = _failures,
        CallerFaults = _callerFaults,
        Latency = Latency(),
        Labels = Labels(versions),
        Scores = _bins.Scores.ContainsAnyExcept(0) ? _bins.Scores.ToArray() : [],
    };

    private void Add(Row row)
    {
        Calls = Capped(Calls + row.Calls);
        _windows += row.Windows;
        _rows = Capped(_rows + row.Rows);
        _failures = Capped(_failures + row.Failures);
        _callerFaults = Capped(_callerFaults + row.CallerFaults);
        _bins.Add(row.Bins);
    }

    private FleetLatency? Latency()
    {
        return Quantile(0.5) is { } half
            ? new FleetLatency(_bins.Latency.ToArray().Sum(), half, Quantile(0.9)!.Value, Quantile(0.99)!.Value)
            : null;

        double? Quantile(double share) =>
            LatencyHistogram.Quantile(_bins.Latency, share) is { } nanoseconds ? Math.Round(nanoseconds / NanosecondsPerMicrosecond, 3) : null;
    }

    private FleetLabel[] Labels(VersionStore versions)
    {
        if (!_bins.Labels.ContainsAnyExcept(0))
        {
            return [];
        }

        IReadOnlyList<string> classes = versions.Find(model, version)?.Card.Schema.Classes ?? [];
        return [.. _bins.Labels.ToArray()
            .Select(
                (rows, i) =>
                    new FleetLabel(
                        i == UsageBounds.Labels - 1
                            && classes.Count > UsageBounds.Labels ? "others" : i < classes.Count ? classes[i] : $"#{i}", rows))
            .Where(label => label.Rows > 0)
            .OrderByDescending(label => label.Rows)
            .Take(LabelsShown)];
    }

    private static long Capped(long sum) => Math.Min(sum, UsageBounds.Count);

    private sealed record Row
    {
        public int Release { get; init; }

        public string Model { get; init; } = "";

        public int Version { get; init; }

        public int Cohort { get; init; }

        public long Windows { get; init; }

        public long Calls { get; init; }

        public long Rows { get; init; }

        public long Failures { get; init; }

        public long CallerFaults { get; init; }

        public byte[] Bins { get; init; } = [];
    }
}
