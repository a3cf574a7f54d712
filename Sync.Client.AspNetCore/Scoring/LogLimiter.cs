namespace Sync.Client.AspNetCore.Scoring;

/// <summary>Bounds the lines of a second: an attack of a thousand requests must not fill the disk with its log.</summary>
internal sealed class LogLimiter(TimeProvider timeProvider)
{
    private const int LinesPerSecond = 20;

    private readonly Lock _gate = new();
    private long _second;
    private int _lines;
    private int _dropped;

    /// <param name="dropped">How many lines were dropped since the one before.</param>
    public bool TryTake(out int dropped)
    {
        long second = timeProvider.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            (_second, _lines) = second == _second ? (second, _lines + 1) : (second, 1);
            bool isTaken = _lines <= LinesPerSecond;
            dropped = isTaken ? _dropped : 0;
            _dropped = isTaken ? 0 : _dropped + 1;
            return isTaken;
        }
    }
}
