using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace Relay.Server.Http.Connections;

/// <summary>Writes to a socket from the memory of its caller. The pipe of the server would copy what TLS has encrypted into blocks of 4 KiB, and
/// send them on another thread. No token and no call cancels what is being sent: a part of a TLS record cannot be taken back, and the other
/// streams of an HTTP/2 connection go on. It ends with the connection, which the server aborts when its client takes too little.</summary>
internal sealed class SocketPipeWriter(Socket socket, ConnectionContext connection) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _buffered = new();
    private bool _isCompleted;

    public override void Advance(int bytes) => _buffered.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffered.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffered.GetSpan(sizeHint);

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null) => _isCompleted = true;

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        FlushResult result = await SendAsync(_buffered.WrittenMemory);
        _buffered.ResetWrittenCount();
        return result;
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        _buffered.WrittenCount == 0 ? SendAsync(source) : WriteAfterBufferedAsync(source);

    private async ValueTask<FlushResult> WriteAfterBufferedAsync(ReadOnlyMemory<byte> source)
    {
        await FlushAsync(CancellationToken.None);
        return await SendAsync(source);
    }

    /// <summary>As with the server's own pipe, a connection that the other side has closed is no exception of the writer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!_isCompleted && bytes.Length > 0)
            {
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            _isCompleted = true;
            connection.Abort(new ConnectionAbortedException("The connection is closed.", closed));
        }

        return new FlushResult(isCanceled: false, _isCompleted);
    }
}
