using System.Data.Common;
using Relay.Server.Hosting;
using Relay.Server.Storage;

namespace Relay.Server.Replicas;

/// <summary>Remembers where the relay is that works, and asks the database when that was wrong: once for all requests that find so at the same
/// time.</summary>
internal sealed partial class ActiveRelayFinder(
    DataFolder folder, ReplicaSettings own, TimeProvider timeProvider, ILogger<ActiveRelayFinder> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private Task<ActiveRelay?>? _search;
    private volatile ActiveRelay? _known;
    private ActiveRelay? _last;
    private bool _isFailing;

    /// <param name="wrong">What was found before and is not right any more; null when nothing was.</param>
    /// <returns>Null when none is known, or the wait was cancelled. It may be the same again.</returns>
    public async Task<ActiveRelay?> FindAsync(ActiveRelay? wrong, CancellationToken cancellationToken)
    {
        if (_known is { } known && known != wrong)
        {
            return known;
        }

        Task<ActiveRelay?> search;
        lock (_gate)
        {
            if (_search is null or { IsCompleted: true })
            {
                _search = SearchAsync();
            }

            search = _search;
        }

        // A server that does not answer holds up a search for longer than a request waits.
        await ((Task)search).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return search.IsCompleted ? await search : null;
    }

    /// <summary>What was found is not right any more: the next request asks.</summary>
    public void Forget(ActiveRelay wrong)
    {
        lock (_gate)
        {
            if (_known == wrong)
            {
                _known = null;
            }
        }
    }

    private async Task<ActiveRelay?> SearchAsync()
    {
        await Task.Delay(Pause, timeProvider);
        try
        {
            ActiveRelay? found = await Task.Run(() => ActiveRelay.Find(folder.Server!));

            // Its own entry is of a turn that is over, or that begins now.
            _known = found?.Address == own.Address ? null : found;
            _last = _known ?? _last;
            _isFailing = false;
            return _known;
        }
        catch (DbException e)
        {
            // What is known may still be right: the relay that works goes on without the database.
            if (!_isFailing)
            {
                LogUnreachable(e);
            }

            _isFailing = true;
            return _last;
        }
    }

    [LoggerMessage(1700, LogLevel.Error, "The database cannot be asked which relay works; requests go to the one that is known")]
    private partial void LogUnreachable(Exception exception);
}
