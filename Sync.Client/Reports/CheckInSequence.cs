using Shared.Contracts.Api;

namespace Sync.Client.Reports;

/// <summary>The numbers of a node's check-ins, by which a relay tells a new one from a repeated one. They start at the time, so that those
/// after a restart are higher without a file; where a clock was set back, the relay says where to go on.</summary>
internal sealed class CheckInSequence(TimeProvider timeProvider)
{
    private long _last;

    public long Next() => _last = _last == 0 ? Math.Max(1, timeProvider.GetUtcNow().ToUnixTimeMilliseconds()) : _last + 1;

    /// <summary>Goes on after the number that the relay has; false for one after which none is left.</summary>
    public bool TryContinueAfter(long? last)
    {
        if (last is not (>= 0 and < CheckInBounds.Count - 1))
        {
            return false;
        }

        _last = Math.Max(_last, last.Value);
        return true;
    }
}
