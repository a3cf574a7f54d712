using System.Text.Json;
using Shared.Contracts.Reports;
using Sync.Client.Scoring;
using Sync.Client.Storage;

namespace Sync.Client.Reports;

/// <summary>Adds up usage to one window.</summary>
internal sealed class UsageSums
{
    private readonly Dictionary<(int Release, string Model, int Version), UsageCounts> _versions = [];
    private readonly SortedDictionary<string, long> _refusals = new(StringComparer.Ordinal);
    private long _quarantined;
    private int _omitted;

    public bool IsEmpty => _versions.Count == 0 && _refusals.Count == 0 && _quarantined == 0;

    /// <summary>The bytes of a window in a report.</summary>
    public static int CountBytes(UsageWindow window) => JsonSerializer.SerializeToUtf8Bytes(window, UsageJson.Default.UsageWindow).Length;

    /// <summary>One window of two that follow each other, with the id of the first.</summary>
    public static UsageWindow Merge(UsageWindow first, UsageWindow second)
    {
        UsageSums sums = new();
        sums.Add(first);
        sums.Add(second);
        return sums.ToWindow(first.Id, TimeSpan.FromSeconds((double)first.Seconds + second.Seconds));
    }

    public void Add(UsageWindow window)
    {
        foreach (VersionUsage usage in window.Versions)
        {
            UsageCounts counts = Find(usage.Release, usage.Model, usage.Version);
            counts[UsageCounts.Answered] += usage.Calls - usage.Failures - usage.CallerFaults;
            counts[UsageCounts.Rows] += usage.Rows;
            counts[UsageCounts.Failures] += usage.Failures;
            counts[UsageCounts.CallerFaults] += usage.CallerFaults;
            usage.Latency?.AddTo(counts.Latency);
            usage.Scores?.AddTo(counts.Scores);
            usage.Labels?.AddTo(counts.Labels);
        }

        AddRefusals(window.Refusals ?? new Dictionary<string, long>());
        _quarantined += window.Quarantined;
        _omitted = Math.Max(_omitted, window.Omitted);
    }

    /// <summary>Adds the calls by which a version has grown, if there are any.</summary>
    public void AddGrowth(int release, ActiveModelVersion version, UsageCounts before, UsageCounts now)
    {
        if (now.Calls > before.Calls)
        {
            Find(release, version.Name, version.Version).AddGrowth(before, now);
        }
    }

    public void AddRefusals(IReadOnlyDictionary<string, long> counts)
    {
        foreach ((string reason, long count) in counts)
        {
            _refusals[reason] = _refusals.GetValueOrDefault(reason) + count;
        }
    }

    public void AddQuarantined(int count) => _quarantined += count;

    /// <summary>The window of all that was added. Versions with the fewest calls are left out where it would be too long.</summary>
    public UsageWindow ToWindow(long id, TimeSpan length)
    {
        List<VersionUsage> versions = [.. _versions.Select(v => ToUsage(v.Key, v.Value)).OrderByDescending(v => v.Calls).Take(UsageBounds.Items)];
        while (true)
        {
            UsageWindow window = new()
            {
                Id = id,
                Seconds = (int)Math.Clamp(length.TotalSeconds, 1, UsageBounds.Seconds),
                Refusals = _refusals.Count == 0 ? null : new Dictionary<string, long>(_refusals),
                Quarantined = _quarantined,
                Versions = [.. versions],
                Omitted = Math.Max(_omitted, _versions.Count - versions.Count),
            };
            if (versions.Count == 0 || CountBytes(window) <= UsageBounds.WindowBytes)
            {
                return window;
            }

            versions.RemoveRange(versions.Count / 2, versions.Count - (versions.Count / 2));
        }
    }

    private UsageCounts Find(int release, string model, int version)
    {
        if (!_versions.TryGetValue((release, model, version), out UsageCounts? counts))
        {
            _versions.Add((release, model, version), counts = new UsageCounts());
        }

        return counts;
    }

    private static VersionUsage ToUsage((int Release, string Model, int Version) key, UsageCounts counts) => new()
    {
        Release = key.Release,
        Model = key.Model,
        Version = key.Version,
        Calls = counts.Calls,
        Rows = counts[UsageCounts.Rows],
        Failures = counts[UsageCounts.Failures],
        CallerFaults = counts[UsageCounts.CallerFaults],
        Latency = BinCounts.FromBins(counts.Latency),
        Labels = BinCounts.FromBins(counts.Labels),
        Scores = BinCounts.FromBins(counts.Scores),
    };
}
