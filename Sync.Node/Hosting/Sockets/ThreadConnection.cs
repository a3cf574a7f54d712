using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Sync.Node.Hosting.Sockets;

/// <summary>A connection with a thread of its own, which reads, runs the server's code and writes. Reads through the poll thread of the sockets and
/// a thread of the pool would wake one thread more for each request, which costs a third of its time and most of its longest waits.</summary>
internal sealed class ThreadConnection : DefaultConnectionContext, IMemoryPoolFeature
{
    private const int ReadBytes = 4096;
    private const long PauseBytes = 1 << 20;

    private readonly Socket _socket;
    private readonly Pipe _received;
    private readonly Pipe _sent;
    private readonly Action _ended;
    private readonly CancellationTokenSource _closed = new();
    private Task _sending = Task.CompletedTask;
    private Exception? _cause;

    /// <param name="ended">Called once the thread has ended.</param>
    public ThreadConnection(Socket socket, MemoryPool<byte> pool, Action ended)
    {
        (_socket, MemoryPool, _ended) = (socket, pool, ended);
        PipeOptions options = new(
            pool, PipeScheduler.Inline, PipeScheduler.Inline, PauseBytes, PauseBytes / 2, useSynchronizationContext: false);
        (_received, _sent) = (new Pipe(options), new Pipe(options));
        Transport = new Duplex(_received.Reader, _sent.Writer);
        ConnectionId = Guid.NewGuid().ToString("N");
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        ConnectionClosed = _closed.Token;
        Features.Set<IMemoryPoolFeature>(this);
    }

    public MemoryPool<byte> MemoryPool { get; }

    public void Start()
    {
        _sending = SendAsync();
        new Thread(Receive) { IsBackground = true, Name = "relay-node connection" }.Start();
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Interlocked.CompareExchange(ref _cause, abortReason, null);
        _sent.Reader.CancelPendingRead();
        Shutdown();
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _sending;
        Shutdown();
    }

    private void Receive()
    {
        try
        {
            while (ReceiveOnce())
            {
            }
        }
        catch (Exception e)
        {
            // Whatever it is: it ends this connection, and must not end the process, as exceptions of threads do.
            Interlocked.CompareExchange(ref _cause, new ConnectionResetException(e.Message, e), null);
        }

        _received.Writer.Complete(_cause);
        _ = _closed.CancelAsync();
        _sending.ContinueWith(
            static (_, connection) => ((ThreadConnection)connection!).Release(), this, CancellationToken.None, TaskContinuationOptions.None,
            TaskScheduler.Default);
    }

    /// <returns>False where nothing more comes, or nothing more is wanted.</returns>
    private bool ReceiveOnce()
    {
        int read = _socket.Receive(_received.Writer.GetSpan(ReadBytes), SocketFlags.None);
        if (read == 0)
        {
            return false;
        }

        // The server's code runs within the flush. It is not complete while the server has more unread than it may: then this thread waits.
        _received.Writer.Advance(read);
        ValueTask<FlushResult> flush = _received.Writer.FlushAsync();
        FlushResult flushed = flush.IsCompletedSuccessfully ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }

    private async Task SendAsync()
    {
        Exception? failure = null;
        try
        {
            ReadResult result;
            do
            {
                result = await _sent.Reader.ReadAsync();
                foreach (ReadOnlyMemory<byte> part in result.Buffer)
                {
                    SendAll(part.Span);
                }

                _sent.Reader.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted && !result.IsCanceled);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            failure = new ConnectionResetException(e.Message, e);
        }

        await _sent.Reader.CompleteAsync(failure);
        Shutdown();
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes, SocketFlags.None)..];
        }
    }

    // Wakes a thread that reads or writes.
    private void Shutdown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side has gone before.
        }
    }

    private void Release()
    {
        _socket.Dispose();
        _ended();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
