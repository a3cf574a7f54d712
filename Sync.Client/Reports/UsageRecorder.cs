using Shared.Contracts.Api;
using Shared.Contracts.Reports;
using Sync.Client.Scoring;

namespace Sync.Client.Reports;

/// <summary>Collects what the versions of active releases did, window by window. Calls are counted in the scorers, without regard to windows; a
/// window has the growth since the one before.</summary>
/// <param name="interval">The length of a window, in elapsed time. One that would take more bytes than its time allows stays open for longer.</param>
/// <param name="quarantine">What is in quarantine already.</param>
internal sealed class UsageRecorder(
    UsageBuffer buffer, RefusalLog refusals, TimeSpan interval, IEnumerable<QuarantinedArtifact> quarantine, TimeProvider timeProvider)
{
    /// <summary>The interval at which windows take <see cref="UsageBounds.BytesPerHour"/> or less.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly List<Tracked> _tracked = [];
    private HashSet<string> _quarantine = [.. quarantine.Select(a => a.Sha256)];
    private UsageSums _sums = Resume(buffer.Open);
    private TimeSpan _before = TimeSpan.FromSeconds(buffer.Open?.Seconds ?? 0);
    private long? _openId = buffer.Open?.Id;
    private long _began = timeProvider.GetTimestamp();

    /// <summary>The windows that the relay does not have.</summary>
    public UsageBuffer Windows => buffer;

    private TimeSpan Length => _before + timeProvider.GetElapsedTime(_began);

    /// <summary>Tracks the versions of the release that becomes active, instead of those before.</summary>
    public void Track(LoadedRelease? next)
    {
        lock (_gate)
        {
            Collect();
            foreach (Tracked tracked in _tracked)
            {
                tracked.IsLeaving = next?.Scorers.Values.Any(s => s.Usage == tracked.Usage) != true;
                tracked.Release = tracked.IsLeaving ? tracked.Release : next!.Number;
            }

            _tracked.AddRange((next?.Scorers.Values ?? [])
                .Where(s => !_tracked.Exists(t => t.Usage == s.Usage))
                .Select(s => new Tracked(s.Usage, s.Version, s.Usage.Read()) { Release = next!.Number }));
        }
    }

    /// <summary>Closes the window if it is long enough and has something to say.</summary>
    public void CloseWindow(IReadOnlyList<QuarantinedArtifact> artifacts)
    {
        lock (_gate)
        {
            CollectAll(artifacts);
            TimeSpan length = Length;
            if (length < interval)
            {
                return;
            }

            if (!_sums.IsEmpty)
            {
                DateTimeOffset now = timeProvider.GetUtcNow();
                UsageWindow window = _sums.ToWindow(buffer.NextId(StartOf(length, now), now), length);
                double allowed = UsageBounds.BytesPerHour * length.TotalHours * (DefaultInterval / interval);
                if (UsageSums.CountBytes(window) > allowed)
                {
                    return;
                }

                buffer.Add(window);
            }

            (_sums, _before, _openId, _began) = (new(), TimeSpan.Zero, null, timeProvider.GetTimestamp());
        }
    }

    /// <summary>Saves the open window with those that are not sent, for the next start.</summary>
    public void Stop(IReadOnlyList<QuarantinedArtifact> artifacts)
    {
        lock (_gate)
        {
            CollectAll(artifacts);
            DateTimeOffset now = timeProvider.GetUtcNow();
            buffer.Save(_sums.IsEmpty ? null : _sums.ToWindow(Math.Max(1, StartOf(Length, now).ToUnixTimeMilliseconds()), Length));
        }
    }

    private static UsageSums Resume(UsageWindow? open)
    {
        UsageSums sums = new();
        if (open is not null)
        {
            sums.Add(open);
        }

        return sums;
    }

    private DateTimeOffset StartOf(TimeSpan length, DateTimeOffset now) =>
        _openId is { } id ? DateTimeOffset.FromUnixTimeMilliseconds(id) : now - length;

    private void CollectAll(IReadOnlyList<QuarantinedArtifact> artifacts)
    {
        Collect();
        HashSet<string> now = [.. artifacts.Select(a => a.Sha256)];
        _sums.AddQuarantined(now.Count(digest => !_quarantine.Contains(digest)));
        _quarantine = now;
        _sums.AddRefusals(refusals.TakeBegun());
    }

    // Calls of a version that leaves may end after the swap: it is collected once more.
    private void Collect()
    {
        foreach (Tracked tracked in _tracked)
        {
            UsageCounts now = tracked.Usage.Read();
            _sums.AddGrowth(tracked.Release, tracked.Version, tracked.Counts, now);
            tracked.Counts = now;
        }

        _tracked.RemoveAll(t => t.IsLeaving);
    }

    private sealed class Tracked(UsageCounter usage, ActiveModelVersion version, UsageCounts counts)
    {
        public UsageCounter Usage => usage;

        public ActiveModelVersion Version => version;

        public UsageCounts Counts { get; set; } = counts;

        public int Release { get; set; }

        public bool IsLeaving { get; set; }
    }
}
