namespace Relay.WebConsole.Live;

/// <summary>The pages that browsers follow. A page is made once for all who see the same at about the same time.</summary>
internal sealed class LivePages(TimeProvider timeProvider)
{
    /// <summary>Streams at a time, of all sessions together.</summary>
    public const int MaximumStreams = 1_000;

    /// <summary>How often a page is made, at most. A page that takes long to make is made less often.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const int RestFactor = 20;
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _pages = new(StringComparer.Ordinal);
    private int _streams;

    /// <returns>Null where there are too many streams; else what ends the place of this one.</returns>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _streams) > MaximumStreams)
        {
            Interlocked.Decrement(ref _streams);
            return null;
        }

        return new Place(this);
    }

    /// <summary>The page, at most about as old as <see cref="Interval"/>.</summary>
    /// <param name="key">The same for all who see the same.</param>
    /// <param name="make">Makes it, in the name of the caller. Null: the caller may not see it.</param>
    public Task<LivePage?> ReadAsync(string key, Func<Task<LivePage?>> make)
    {
        lock (_gate)
        {
            long now = timeProvider.GetTimestamp();
            if (_pages.TryGetValue(key, out Entry? known) && timeProvider.GetElapsedTime(known.At, now) < known.Keep)
            {
                return known.Page;
            }

            foreach (string old in _pages
                .Where(page => timeProvider.GetElapsedTime(page.Value.At, now) > 2 * page.Value.Keep)
                .Select(page => page.Key))
            {
                _pages.Remove(old);
            }

            Entry entry = new(now);
            _pages[key] = entry;
            entry.Page = MakeAsync(entry, make);
            return entry.Page;
        }
    }

    private async Task<LivePage?> MakeAsync(Entry entry, Func<Task<LivePage?>> make)
    {
        await Task.Yield();
        long start = timeProvider.GetTimestamp();
        LivePage? page = await make();
        TimeSpan rest = timeProvider.GetElapsedTime(start) * RestFactor;
        entry.Keep = rest > entry.Keep ? rest : entry.Keep;
        return page;
    }

    private sealed class Entry(long at)
    {
        private long _keepTicks = (Interval - Slack).Ticks;

        public long At { get; } = at;

        public TimeSpan Keep
        {
            get => new(Volatile.Read(ref _keepTicks));
            set => Volatile.Write(ref _keepTicks, value.Ticks);
        }

        public Task<LivePage?> Page { get; set; } = Task.FromResult<LivePage?>(null);
    }

    private sealed class Place(LivePages pages) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                Interlocked.Decrement(ref pages._streams);
            }
        }
    }
}
