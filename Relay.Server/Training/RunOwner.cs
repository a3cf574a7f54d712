using Relay.Server.Storage;

namespace Relay.Server.Training;

/// <summary>The process that takes runs, where several do. A run is of the one that took it until that is gone: then another takes it up.</summary>
/// <param name="isShared">False where this process takes all runs.</param>
internal sealed class RunOwner(RelayDatabase database, bool isShared) : IDisposable
{
    private Presence? _presence;

    public bool IsShared => isShared;

    /// <summary>What is written to the runs that this process takes; null where it takes all.</summary>
    public long? Id => _presence?.Id;

    /// <summary>Makes sure that the others see this process. Called while it has no run.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be asked.</exception>
    public void Appear()
    {
        if (isShared && _presence is not { IsSeen: true })
        {
            _presence?.Dispose();
            _presence = null;
            _presence = database.Appear();
        }
    }

    public void Dispose() => _presence?.Dispose();
}
