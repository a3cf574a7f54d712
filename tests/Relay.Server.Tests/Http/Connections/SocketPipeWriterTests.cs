using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Relay.Server.Http.Connections;
using Relay.TestKit;

namespace Relay.Server.Tests.Http.Connections;

public sealed class SocketPipeWriterTests : IAsyncLifetime
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TcpClient _client = new();
    private readonly DefaultConnectionContext _connection = new("test");
    private Socket _socket = null!;
    private SocketPipeWriter _writer = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _listener.Start();
        _client.ReceiveBufferSize = 4096;
        await _client.ConnectAsync((IPEndPoint)_listener.LocalEndpoint, Cancel);
        _socket = await _listener.AcceptSocketAsync(Cancel);
        _socket.SendBufferSize = 4096;
        _writer = new SocketPipeWriter(_socket, _connection);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _client.Dispose();
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>On an HTTP/2 connection one stream is canceled, and the others must not lose a part of a record.</summary>
    [Fact]
    public async Task Write_CanceledWhileItIsSent_SendsAll()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(16 * 1024 * 1024);
        using CancellationTokenSource stop = new();
        Task<FlushResult> writing = _writer.WriteAsync(bytes, stop.Token).AsTask();
        Assert.False(writing.IsCompleted);

        await stop.CancelAsync();
        _writer.CancelPendingFlush();
        byte[] received = new byte[bytes.Length];
        await _client.GetStream().ReadExactlyAsync(received, Cancel);

        Assert.Equal(bytes, received);
        Assert.False((await writing).IsCompleted);
        Assert.False(_connection.ConnectionClosed.IsCancellationRequested);
    }

    /// <summary>What ends the write of a client that does not read.</summary>
    [Fact]
    [Trait("Attack", "slow-reader")]
    public async Task Write_ConnectionThatIsClosedWhileItIsSent_Ends()
    {
        Task<FlushResult> writing = _writer.WriteAsync(new byte[16 * 1024 * 1024], Cancel).AsTask();
        Assert.False(writing.IsCompleted);

        _socket.Dispose();

        Assert.True((await writing).IsCompleted);
    }

    [Fact]
    public async Task Write_AfterBufferedBytes_SendsThemFirst()
    {
        _writer.GetSpan(2)[0] = 1;
        _writer.Advance(1);
        await _writer.WriteAsync(new byte[] { 2 }, Cancel);
        _writer.GetSpan(1)[0] = 3;
        _writer.Advance(1);
        await _writer.FlushAsync(Cancel);
        byte[] received = new byte[3];
        await _client.GetStream().ReadExactlyAsync(received, Cancel);

        Assert.Equal([1, 2, 3], received);
    }

    [Fact]
    public async Task Write_ToAClosedSocket_IsCompletedAndEndsTheConnection()
    {
        _socket.Dispose();

        Assert.True((await _writer.WriteAsync(new byte[1], Cancel)).IsCompleted);
        await Eventually.TrueAsync(
            () => _connection.ConnectionClosed.IsCancellationRequested, "the connection is aborted", cancellationToken: Cancel);
    }
}
