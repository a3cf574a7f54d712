using Relay.Server.Fleet;
using Relay.Server.Repository;

namespace Relay.Server.Events;

/// <summary>The open event streams, which are bounded in all and for each caller.</summary>
internal sealed class EventStreams(EventLimits limits, PollPace pace, TimeProvider timeProvider) : INodeExclusionObserver
{
    private const int MinimumPollSeconds = 60;

    /// <summary>Streams that send files at the same time.</summary>
    private const int SentAtOnce = 64;

    private readonly Lock _gate = new();
    private readonly HashSet<EventStream> _open = [];
    private readonly Dictionary<EventCaller, int> _perCaller = [];
    private readonly Dictionary<string, int> _perConnection = new(StringComparer.Ordinal);
    private volatile PublishedTimestamp? _current;

    /// <summary>Seconds between polls of a node that has a stream: they only guard against a stream that is silent.</summary>
    public int PollSeconds => Math.Max(pace.Seconds, MinimumPollSeconds);

    public SemaphoreSlim FileTurns { get; } = new(SentAtOnce);

    /// <summary>Null until it was first read.</summary>
    public PublishedTimestamp? Current => _current;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Null where a bound is reached. The stream counts until it is disposed.</summary>
    /// <param name="connection">The id of the connection that the stream is to be open on.</param>
    /// <param name="channel">The channel whose changed files it is to bring; null for none.</param>
    public EventStream? TryOpen(EventCaller caller, string connection, string? channel = null)
    {
        lock (_gate)
        {
            int held = _perCaller.GetValueOrDefault(caller);
            int onConnection = _perConnection.GetValueOrDefault(connection);
            if (_open.Count >= limits.Streams || held >= limits.For(caller)
                || (onConnection == 0 && _perConnection.Count >= limits.Connections))
            {
                return null;
            }

            EventStream stream = new(this, caller, connection, channel, timeProvider);
            _perCaller[caller] = held + 1;
            _perConnection[connection] = onConnection + 1;
            _open.Add(stream);
            return stream;
        }
    }

    public void Close(EventStream stream)
    {
        lock (_gate)
        {
            if (_open.Remove(stream))
            {
                Discount(_perCaller, stream.Caller);
                Discount(_perConnection, stream.Connection);
            }
        }
    }

    /// <summary>Ends the streams of a node that may read no longer.</summary>
    public void Excluded(string node)
    {
        EventStream[] streams;
        lock (_gate)
        {
            streams = [.. _open.Where(stream => stream.Caller == EventCaller.Node(node))];
        }

        foreach (EventStream stream in streams)
        {
            stream.End();
        }
    }

    /// <summary>Sends a hint on each stream that has not had this version.</summary>
    public void Publish(PublishedTimestamp timestamp)
    {
        _current = timestamp;
        EventStream[] streams;
        lock (_gate)
        {
            streams = [.. _open];
        }

        foreach (EventStream stream in streams)
        {
            stream.Wake();
        }
    }

    private static void Discount<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull
    {
        if (--counts[key] == 0)
        {
            counts.Remove(key);
        }
    }
}
