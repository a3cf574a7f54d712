using Shared.Platform.Timing;

namespace Relay.Server.Rollouts;

/// <summary>Wakes the worker: there may be something to decide.</summary>
internal sealed class RolloutSignal
{
    private readonly WakeSignal _wake = new();

    /// <summary>Cheap, however often it is called.</summary>
    public void Set() => _wake.Set();

    /// <summary>Waits until it is set, or the time has passed.</summary>
    public Task WaitAsync(TimeSpan time, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        _wake.WaitAsync(time, timeProvider, cancellationToken);
}
