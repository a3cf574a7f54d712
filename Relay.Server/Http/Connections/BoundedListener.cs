using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Relay.Server.Http.Connections;

/// <summary>Accepts a connection when there is room for its socket; until then it waits in the queue of the system.</summary>
internal sealed class BoundedListener(IConnectionListener listener, int maximum) : IConnectionListener
{
    private readonly SemaphoreSlim _free = new(maximum);
    private readonly CancellationTokenSource _unbound = new();

    public EndPoint EndPoint => listener.EndPoint;

    /// <returns>Null when the listener was unbound.</returns>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_unbound.Token, cancellationToken);
        try
        {
            await _free.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        ConnectionContext? connection = null;
        try
        {
            connection = await listener.AcceptAsync(cancellationToken);
        }
        finally
        {
            if (connection is null)
            {
                _free.Release();
            }
        }

        return connection is null ? null : new BoundedConnection(connection, _free);
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        await listener.UnbindAsync(cancellationToken);
    }

    // Connections outlive the listener, so the semaphore is left to the collector; it has no handle.
    public ValueTask DisposeAsync() => listener.DisposeAsync();
}
