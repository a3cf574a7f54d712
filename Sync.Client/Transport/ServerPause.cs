using System.Net.Http.Headers;

namespace Sync.Client.Transport;

/// <summary>The time for which a server asked for no request (<c>Retry-After</c>), by elapsed time. It is bounded, so that no server can silence
/// a node for days. For any thread.</summary>
internal sealed class ServerPause(TimeProvider timeProvider)
{
    public static readonly TimeSpan Maximum = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private long _since;
    private TimeSpan _length;

    /// <summary>Zero where the server may be asked.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
            {
                TimeSpan left = _length - timeProvider.GetElapsedTime(_since);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    public void Begin(HttpResponseHeaders headers)
    {
        // A date is meant by the server's own clock, which the response states.
        TimeSpan? asked = headers.RetryAfter is { } after
            ? after.Delta ?? (after.Date - (headers.Date ?? timeProvider.GetUtcNow()))
            : null;
        if (asked is { } length && length > TimeSpan.Zero)
        {
            lock (_gate)
            {
                (_since, _length) = (timeProvider.GetTimestamp(), length < Maximum ? length : Maximum);
            }
        }
    }
}
