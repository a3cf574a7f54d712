using System.Threading.Channels;
using Shared.Contracts.Api;

namespace Relay.Server.Events;

/// <summary>One event stream: hints of new metadata, and a comment where there was none for a while. It holds no queue: a slow reader gets
/// the newest hint only.</summary>
internal sealed class EventStream : IDisposable
{
    /// <summary>Then it ends in order, and the node opens another: a key may have been revoked.</summary>
    private static readonly TimeSpan MeanLife = TimeSpan.FromHours(1);

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(RelayEvents.HeartbeatSeconds);
    private static readonly BoundedChannelOptions OneWakeUp = new(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true };

    /// <summary>For how long a stream waits for its turn to send files. Then its node asks for them.</summary>
    private static readonly TimeSpan FilesWait = TimeSpan.FromSeconds(2);

    private readonly EventStreams _streams;
    private readonly string? _channel;
    private readonly TimeProvider _timeProvider;
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(OneWakeUp);
    private readonly ITimer _timer;
    private readonly long _opened;
    private volatile bool _isEnded;
    private readonly TimeSpan _life = MeanLife * (0.75 + (Random.Shared.NextDouble() / 2));

    public EventStream(EventStreams streams, EventCaller caller, string connection, string? channel, TimeProvider timeProvider)
    {
        (_streams, Caller, Connection, _channel, _timeProvider) = (streams, caller, connection, channel, timeProvider);
        _opened = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(static stream => ((EventStream)stream!).Wake(), this, Heartbeat, Heartbeat);
    }

    public EventCaller Caller { get; }

    /// <summary>The id of the connection that it is open on.</summary>
    public string Connection { get; }

    /// <summary>Lets the stream send what is new; a comment where nothing is.</summary>
    public void Wake() => _wakeUps.Writer.TryWrite(true);

    /// <summary>Ends the stream in order.</summary>
    public void End()
    {
        _isEnded = true;
        Wake();
    }

    /// <summary>Writes events until the stream's life is over.</summary>
    /// <param name="known">The version that the reader has; 0 where it tells none.</param>
    /// <exception cref="OperationCanceledException">The caller left, or the relay stops.</exception>
    public async Task WriteAsync(Stream body, long known, CancellationToken cancellationToken)
    {
        int open = _streams.Count;
        await body.WriteAsync(EventFormat.Start(EventSpread.Retry(open), _streams.PollSeconds), cancellationToken);
        bool isStart = true;
        while (true)
        {
            if (_streams.Current is { } current && current.Version > known)
            {
                if (!await SendFilesAsync(body, current, known, cancellationToken))
                {
                    await body.WriteAsync(EventFormat.Metadata(current.Version, EventSpread.For(current, known, _streams.Count)), cancellationToken);
                }

                known = current.Version;
            }
            else if (!isStart)
            {
                await body.WriteAsync(EventFormat.Heartbeat, cancellationToken);
            }

            isStart = false;
            await body.FlushAsync(cancellationToken);
            await _wakeUps.Reader.ReadAsync(cancellationToken);
            if (_isEnded || _timeProvider.GetElapsedTime(_opened) >= _life)
            {
                return;
            }
        }
    }

    // Some streams at a time: what is on its way to all readers of a fleet at once would be a large part of the relay's memory. True where a hint
    // came along.
    private async Task<bool> SendFilesAsync(Stream body, PublishedTimestamp current, long known, CancellationToken cancellationToken)
    {
        if (_channel is null || current.Files is not { } files || files.Since != known || files.For(_channel) is not { } changed
            || !await _streams.FileTurns.WaitAsync(FilesWait, cancellationToken))
        {
            return false;
        }

        try
        {
            await body.WriteAsync(changed.Bytes, cancellationToken);
            return changed.HasHint;
        }
        finally
        {
            _streams.FileTurns.Release();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _streams.Close(this);
    }
}
