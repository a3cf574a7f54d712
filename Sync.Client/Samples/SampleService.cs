using Shared.Contracts;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Transport;

namespace Sync.Client.Samples;

/// <summary>The rows and labels of one node, from a call to the relay.</summary>
internal sealed class SampleService
{
    private readonly SampleQueue _queue;
    private readonly SampleSender _sender;
    private readonly NodeStore _store;
    private readonly ReleaseSlot _slot;
    private readonly RelayHttp? _relay;

    /// <param name="relay">Null where the node has none, and sends nothing.</param>
    /// <param name="modelOf">The name of the model that takes rows of a type.</param>
    public SampleService(
        SampleOptions? options, ReleaseSlot slot, NodeStore store, RelayHttp? relay, TimeProvider timeProvider, Func<Type, string?, string> modelOf)
    {
        (_store, _slot, _relay) = (store, slot, options is null ? null : relay);
        _queue = new SampleQueue(new SampleFolder(store.SamplesFolder), new PendingSamples(options?.MaxPending ?? 0));
        _sender = new SampleSender(_queue, IsConsented, timeProvider);
        Recorder = new SampleRecorder(_relay is null ? null : options, slot, _queue, _sender, modelOf);
    }

    /// <summary>Takes rows and labels.</summary>
    public IRelaySamples Recorder { get; }

    /// <summary>Deletes what an earlier process kept, where the app sends no rows any more.</summary>
    /// <returns>Why that is not possible; null where nothing is left.</returns>
    public Refusal? DeleteIfOff() => _relay is null ? Try(_queue.DeleteAll) : null;

    /// <summary>Sends what waits. Before a release is active, nothing says what may leave, and nothing does.</summary>
    /// <returns>Why some was not sent, or not taken; null where the relay has all.</returns>
    public async Task<Refusal?> SendAsync(CancellationToken cancellationToken)
    {
        if (_relay is null || _slot.Current is null)
        {
            return null;
        }

        try
        {
            return _store.Fault ?? await _sender.SendAsync(_relay, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            return _store.ToFault(e);
        }
    }

    /// <summary>Writes what is in memory to the store, at the end of the process.</summary>
    /// <returns>Why that is not possible; null where it was.</returns>
    public Refusal? Save() => _relay is null ? null : Try(_queue.Save);

    private Refusal? Try(Action act)
    {
        // Where another process has the store, its folder is not this node's.
        if (_store.Fault is { } fault)
        {
            return fault;
        }

        try
        {
            act();
            return null;
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            return _store.ToFault(e);
        }
    }

    private bool IsConsented(SampleBatch batch) => _slot.Current is { } release && release.Scorers.Values.Any(
        scorer => scorer.Consent is { } consent && consent.Dataset == batch.Dataset
            && (batch.Kind is SampleKind.Labels || consent.Key == batch.Consent));
}
