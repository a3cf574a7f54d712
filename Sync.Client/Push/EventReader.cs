namespace Sync.Client.Push;

/// <summary>Reads an open event stream until it ends, is silent for too long, or sends more than events need.</summary>
/// <param name="take">Gets each event.</param>
/// <param name="timeProvider">Measures elapsed time.</param>
internal sealed class EventReader(Action<ServerEvent> take, TimeProvider timeProvider)
{
    /// <summary>Two heartbeats may be late. Only whole lines count: a stream that drips is silent.</summary>
    public static readonly TimeSpan MaximumSilence = TimeSpan.FromSeconds(40);

    /// <summary>What a stream may send at once, above <see cref="BytesPerSecond"/>.</summary>
    public const int BurstBytes = 1024 * 1024;

    /// <summary>A heartbeat has 3 bytes, a hint about 80, and the files of a publication have some ten thousand.</summary>
    public const int BytesPerSecond = 4096;

    private const int ChunkBytes = 4096;

    private readonly EventParser _parser = new();

    /// <summary>The wait before the stream is opened again, where the relay stated one.</summary>
    public TimeSpan? Retry => _parser.Retry;

    /// <summary>Reads until the stream ends; gives the reason, for the log.</summary>
    public async Task<string> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        long opened = timeProvider.GetTimestamp();
        using CancellationTokenSource silent = new(MaximumSilence, timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, cancellationToken);
        byte[] chunk = new byte[ChunkBytes];
        List<ServerEvent> events = [];
        long received = 0;
        try
        {
            while (true)
            {
                int got = await body.ReadAsync(chunk, either.Token).ConfigureAwait(false);
                if (got == 0)
                {
                    return "the relay ended it";
                }

                received += got;
                if (received > BurstBytes + (timeProvider.GetElapsedTime(opened).TotalSeconds * BytesPerSecond))
                {
                    return "it sent more than events need";
                }

                long lines = _parser.Lines;
                if (!_parser.TryAppend(chunk.AsSpan(0, got), events))
                {
                    return $"a line or an event had more than {EventParser.MaximumBytes} bytes";
                }

                if (_parser.Lines > lines)
                {
                    silent.CancelAfter(MaximumSilence);
                }

                events.ForEach(take);
                events.Clear();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"it was silent for {MaximumSilence.TotalSeconds} s";
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return e.Message;
        }
    }
}
