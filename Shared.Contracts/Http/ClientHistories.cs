namespace Shared.Contracts.Http;

/// <summary>The histories of clients, in bounded memory: where a part of it is full, the client that was not seen for longest is forgotten.</summary>
internal sealed class ClientHistories(int capacity, KeyHash hash)
{
    private const int RequestSeconds = 5 * 60;
    private const int FailedLoginSeconds = 30 * 60;

    /// <summary>Seconds with requests that are kept for each client of the capacity, on average.</summary>
    private const int SecondsPerClient = 32;

    private const int MinimumSeconds = 8 * (RequestSeconds + FailedLoginSeconds);

    private readonly LruTable<ClientHistory> _clients = new(capacity, hash);
    private readonly Slab<FailedLogins> _failedLogins = new(capacity);
    private readonly Slab<SecondCount> _seconds = new(Math.Max(MinimumSeconds, (int)Math.Min(int.MaxValue / 2, (long)capacity * SecondsPerClient)));

    /// <summary>Adds a request of a client.</summary>
    /// <returns>The rhythm of its requests, those of the last 5 minutes, and its failed logins of the last 30 minutes.</returns>
    public (Rhythm Rhythm, long Requests, long FailedLogins) Observe(ulong key, long ticks)
    {
        long second = ticks / TimeSpan.TicksPerSecond;
        ref ClientHistory client = ref _clients[FindOrAdd(key)];
        client.Requests.Forget(second - RequestSeconds, _seconds);
        MakeRoomFor(client.Requests, second);
        client.Requests.Add(second, _seconds);
        long failed = 0;
        if (client.FailedLogins != 0)
        {
            ref SecondCounts logins = ref _failedLogins[client.FailedLogins].Counts;
            logins.Forget(second - FailedLoginSeconds, _seconds);
            failed = logins.Total;
        }

        return (client.Observe(ticks), client.Requests.Total, failed);
    }

    public void AddFailedLogin(ulong key, long ticks)
    {
        long second = ticks / TimeSpan.TicksPerSecond;
        ref ClientHistory client = ref _clients[FindOrAdd(key)];
        if (client.FailedLogins == 0)
        {
            client.FailedLogins = _failedLogins.Rent();
        }

        ref SecondCounts logins = ref _failedLogins[client.FailedLogins].Counts;
        logins.Forget(second - FailedLoginSeconds, _seconds);
        MakeRoomFor(logins, second);
        logins.Add(second, _seconds);
    }

    private int FindOrAdd(ulong key)
    {
        int slot = _clients.Find(key);
        if (slot != 0)
        {
            return slot;
        }

        if (_clients.IsFull)
        {
            ForgetOldest();
        }

        return _clients.Add(key);
    }

    // The client at hand is the newest, and no client has as many seconds as the slab: another one is the oldest.
    private void MakeRoomFor(in SecondCounts counts, long second)
    {
        while (_seconds.IsFull && counts.NeedsItem(second))
        {
            ForgetOldest();
        }
    }

    private void ForgetOldest()
    {
        int slot = _clients.Oldest;
        ref ClientHistory oldest = ref _clients[slot];
        oldest.Requests.Forget(long.MaxValue, _seconds);
        if (oldest.FailedLogins != 0)
        {
            _failedLogins[oldest.FailedLogins].Counts.Forget(long.MaxValue, _seconds);
            _failedLogins.Return(oldest.FailedLogins);
        }

        _clients.Remove(slot);
    }
}
