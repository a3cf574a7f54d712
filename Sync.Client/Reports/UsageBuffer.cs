using Shared.Contracts.Reports;
using Sync.Client.Storage;

namespace Sync.Client.Reports;

/// <summary>The windows that the relay has not accepted yet, in memory, and on disk while the relay is away. Bounded: a day of reports; beyond that
/// the oldest windows become one.</summary>
internal sealed class UsageBuffer
{
    public const int Bytes = 24 * UsageBounds.BytesPerHour;

    // A clock that was this far ahead was wrong: a relay counts no window of then, and ids go on from the time that it is.
    private static readonly TimeSpan WrongClock = TimeSpan.FromDays(1);
    private readonly NodeStore _store;
    private readonly List<Entry> _entries = [];
    private long _lastId;
    private bool _isChanged;
    private bool _isOnDisk;

    public UsageBuffer(NodeStore store)
    {
        _store = store;
        if (store.ReadUsage() is { } state)
        {
            (_lastId, Open, _isOnDisk) = (state.LastId, state.Open, true);
            _entries.AddRange(state.Windows.Select(w => new Entry(w, UsageSums.CountBytes(w)) { IsAttempted = true }));
        }
    }

    /// <summary>The window that was open when the node stopped.</summary>
    public UsageWindow? Open { get; }

    /// <summary>The oldest windows, as many as a check-in takes.</summary>
    public IReadOnlyList<UsageWindow> Oldest => [.. _entries.Take(UsageBounds.Items).Select(e => e.Window)];

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>The id of a window that began at this time. It is above all before, unless the clock was wrong then.</summary>
    public long NextId(DateTimeOffset start, DateTimeOffset now)
    {
        long last = _lastId > (now + WrongClock).ToUnixTimeMilliseconds() ? 0 : _lastId;
        return Math.Max(start.ToUnixTimeMilliseconds(), last + 1);
    }

    public void Add(UsageWindow window)
    {
        _lastId = window.Id;
        _entries.Add(new Entry(window, UsageSums.CountBytes(window)));
        _isChanged = true;
        while (_entries.Count > 1 && (_entries.Count > UsageBounds.Items || _entries.Sum(e => (long)e.Bytes) > Bytes))
        {
            MergeOldest();
        }
    }

    /// <summary>Notes that the relay may have the oldest windows.</summary>
    public void MarkAttempted(int count) => _entries.Take(count).ToList().ForEach(e => e.IsAttempted = true);

    /// <summary>Removes the oldest windows, which the relay has.</summary>
    public void Remove(int count)
    {
        _entries.RemoveRange(0, count);
        _isChanged |= count > 0;
    }

    /// <summary>Writes what is not sent; nothing where all is sent and the disk says the same.</summary>
    /// <param name="open">The open window of a node that stops.</param>
    public void Save(UsageWindow? open = null)
    {
        if (open is not null || (_isChanged && (_entries.Count > 0 || _isOnDisk)))
        {
            _store.WriteUsage(new UsageState(_lastId, [.. _entries.Select(e => e.Window)], open));
            _isOnDisk = _entries.Count > 0 || open is not null;
            _isChanged = false;
        }
    }

    // A window that the relay may have does not become one with a window that it does not have: it would count one of them twice, or never.
    private void MergeOldest()
    {
        int first = _entries[0].IsAttempted == _entries[1].IsAttempted || _entries.Count == 2 ? 0 : 1;
        if (_entries[first].IsAttempted != _entries[first + 1].IsAttempted)
        {
            _entries.RemoveAt(0);
            return;
        }

        UsageWindow merged = UsageSums.Merge(_entries[first].Window, _entries[first + 1].Window);
        _entries[first] = new Entry(merged, UsageSums.CountBytes(merged)) { IsAttempted = _entries[first].IsAttempted };
        _entries.RemoveAt(first + 1);
    }

    private sealed record Entry(UsageWindow Window, int Bytes)
    {
        public bool IsAttempted { get; set; }
    }
}
