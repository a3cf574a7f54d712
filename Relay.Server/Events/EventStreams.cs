using Relay.Server.Repository;

namespace Relay.Server.Events;

/// <summary>The open event streams, which are bounded in all and for each caller.</summary>
internal sealed class EventStreams(EventLimits limits, PollPace pace, TimeProvider timeProvider)
{
    private const int MinimumPollSeconds = 60;

    private readonly Lock _gate = new();
    private readonly HashSet<EventStream> _open = [];
    private readonly Dictionary<EventCaller, int> _perCaller = [];
    private volatile PublishedTimestamp? _current;

    /// <summary>Seconds between polls of a node that has a stream: they only guard against a stream that is silent.</summary>
    public int PollSeconds => Math.Max(pace.Seconds, MinimumPollSeconds);

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

    /// <summary>Null where the bound is reached. The stream counts until it is disposed.</summary>
    public EventStream? TryOpen(EventCaller caller)
    {
        lock (_gate)
        {
            int held = _perCaller.GetValueOrDefault(caller);
            if (_open.Count >= limits.Streams || held >= limits.For(caller))
            {
                return null;
            }

            EventStream stream = new(this, caller, timeProvider);
            _perCaller[caller] = held + 1;
            _open.Add(stream);
            return stream;
        }
    }

    public void Close(EventStream stream)
    {
        lock (_gate)
        {
            if (_open.Remove(stream) && --_perCaller[stream.Caller] == 0)
            {
                _perCaller.Remove(stream.Caller);
            }
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
}
