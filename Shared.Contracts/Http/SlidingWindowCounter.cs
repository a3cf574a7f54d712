namespace Shared.Contracts.Http;

/// <summary>Counts the events of the last seconds, with one entry per second that had any, so that a flood of events needs no
/// more memory than a few.</summary>
internal sealed class SlidingWindowCounter(int windowSeconds)
{
    private readonly Queue<(long Second, int Count)> _seconds = new();
    private long _lastSecond;
    private int _lastCount;
    private long _total;

    public void Add(long second)
    {
        if (_lastCount > 0 && second <= _lastSecond)
        {
            _lastCount++;                       // a clock that stepped back counts in the newest second
        }
        else
        {
            if (_lastCount > 0)
            {
                _seconds.Enqueue((_lastSecond, _lastCount));
            }

            (_lastSecond, _lastCount) = (second, 1);
        }

        _total++;
    }

    /// <summary>Events after <paramref name="nowSecond"/> - window, up to now.</summary>
    public long CountAt(long nowSecond)
    {
        long oldest = nowSecond - windowSeconds;
        while (_seconds.TryPeek(out var first) && first.Second <= oldest)
        {
            _total -= first.Count;
            _seconds.Dequeue();
        }

        if (_lastCount > 0 && _lastSecond <= oldest)
        {
            _total -= _lastCount;
            _lastCount = 0;
        }

        return _total;
    }
}
