using System.Collections.Frozen;
using Sync.Client;
using Sync.Client.Hosting;
using Sync.Native.Handles;
using Sync.Native.Interop;
using Sync.Native.Logs;
using Sync.Native.Models;

namespace Sync.Native.Nodes;

/// <summary>A node that a program in another language opened. The caller's threads wait for updates; nothing of a model's call is here.</summary>
internal sealed class NativeNode : HandleOwner
{
    private readonly RelaySyncOptions _options;
    private readonly SyncClient _client;
    private readonly FrozenDictionary<string, NativeModel> _models;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private BackgroundUpdates? _updates;

    private NativeNode(RelaySyncOptions options)
    {
        _options = options;
        _client = new SyncClient(options, TimeProvider.System, new NodeLogger(options.NodeId));
        _models = options.Models.ToFrozenDictionary(
            name => name, name => new NativeModel(name, _client.Slot, isOfNode: true), StringComparer.Ordinal);
    }

    /// <summary>The state of the node.</summary>
    public SyncStatus Status => _client.Status;

    /// <summary>The refusals that hold now, as the end of an error's text; empty where there are none.</summary>
    public string WhyNot => _client.Status.CurrentRefusals is { Count: > 0 } refusals
        ? $": {string.Join("; ", refusals.Select(r => $"{r.Reason} of {r.Subject}: {r.Detail}"))}"
        : "";

    /// <exception cref="NativeCallException">The handle is not that of an open node, or this is the child of a fork.</exception>
    public static NativeNode From(ulong handle) => ForkGuard.IsChild
        ? throw ForkGuard.CreateException()
        : HandleTable.Find(handle) as NativeNode
            ?? throw new NativeCallException(
                NativeStatus.InvalidHandle, $"{handle} is not the handle of an open node: it was closed, or never given");

    /// <summary>Opens a node on its store, with the last good release of it active.</summary>
    public static NativeNode Open(RelaySyncOptions options)
    {
        NativeNode node = new(options);
        try
        {
            node._client.RestoreAsync().GetAwaiter().GetResult();
            HandleTable.Add(node);
            foreach (NativeModel model in node._models.Values)
            {
                HandleTable.Add(model);
            }

            return node;
        }
        catch
        {
            node.Close();
            throw;
        }
    }

    public NativeModel Find(string name) => _models.GetValueOrDefault(name) ?? throw new NativeCallException(
        NativeStatus.InvalidArgument, $"this node does not run '{name}': add it to the options of relaysync_open as a 'model'");

    /// <param name="milliseconds">Below 0: without a limit.</param>
    public RefreshResult Refresh(int milliseconds) => Update(_client.RefreshAsync, milliseconds);

    public RefreshResult Import(string bundle) => Update(cancellationToken => _client.ImportAsync(bundle, cancellationToken), -1);

    /// <summary>Sets how the node chooses its release, with the update that belongs to it.</summary>
    /// <returns>As of <see cref="Refresh"/>; a refusal where the steering stays as it was.</returns>
    /// <exception cref="NativeCallException">The number of the release is below 1.</exception>
    public RefreshResult Steer(NodeSteering wanted, int milliseconds)
    {
        if (wanted.Release < 1)
        {
            throw new NativeCallException(NativeStatus.InvalidArgument, $"release is {wanted.Release}: releases are numbered from 1");
        }

        RefreshResult result = Update(
            wanted switch
            {
                { Release: { } release } => cancellationToken => _client.PinAsync(release, cancellationToken),
                { Mode: SteeringMode.Held } => _client.HoldAsync,
                _ => _client.FollowAsync,
            },
            milliseconds);
        SyncStatus status = _client.Status;
        return status.Steering == wanted && (wanted.Release ?? status.Release) == status.Release ? result with { Refusal = null } : result;
    }

    public void Start()
    {
        if (_options.AirGapped)
        {
            throw new NativeCallException(NativeStatus.InvalidArgument, "an air-gapped node has nothing to poll: call relaysync_import");
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
            _updates ??= new BackgroundUpdates(new SyncWorker(_client, TimeProvider.System));
        }
    }

    public void Stop()
    {
        BackgroundUpdates? updates;
        lock (_gate)
        {
            (updates, _updates) = (_updates, null);
        }

        updates?.Stop();
    }

    /// <summary>Waits until a release is active.</summary>
    /// <param name="milliseconds">Below 0: without a limit.</param>
    /// <returns>False where the time was up first.</returns>
    public bool WaitReady(int milliseconds)
    {
        using ManualResetEventSlim changed = new();
        void Set(object? sender, ModelChangedEventArgs e) => changed.Set();
        using CancellationTokenSource limit = Limit(milliseconds);
        _client.ModelChanged += Set;
        try
        {
            while (_client.Slot.Current is null)
            {
                changed.Wait(limit.Token);
                changed.Reset();
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return _client.Slot.Current is not null;
        }
        finally
        {
            _client.ModelChanged -= Set;
        }
    }

    /// <summary>Closes the handles, ends what runs and frees the models when their last call has left.</summary>
    public void Close()
    {
        foreach (NativeModel model in _models.Values.Where(m => m.Handle != 0))
        {
            HandleTable.Remove(model);
        }

        _closing.Cancel();
        Stop();
        _client.Dispose();
    }

    private RefreshResult Update(Func<CancellationToken, Task<RefreshResult>> update, int milliseconds)
    {
        using CancellationTokenSource limit = Limit(milliseconds);
        return update(limit.Token).GetAwaiter().GetResult();
    }

    private CancellationTokenSource Limit(int milliseconds)
    {
        CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        limit.CancelAfter(milliseconds < 0 ? Timeout.Infinite : milliseconds);
        return limit;
    }
}
