using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http.Connections;

/// <summary>Large answers are sent in whole TLS records: smaller ones cost the relay nearly twice the processor time.</summary>
public sealed class ConnectionOutputTests : IAsyncLifetime
{
    private const int Length = 300_000;
    private const int LargestRecord = 16 * 1024;

    private TestRelay _relay = null!;
    private string _path = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        byte[] content = RandomNumberGenerator.GetBytes(Length);
        string name = $"{Convert.ToHexStringLower(SHA256.HashData(content))}.large.onnx";
        await File.WriteAllBytesAsync(Path.Combine(_relay.DataFolder, "repository", "targets", name), content, Cancel);
        _path = $"{Routes.Targets}/{name}";
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Get_LargeFile_ComesInWholeRecords()
    {
        using TcpClient tcp = await ConnectAsync();
        using RecordedStream recorded = new(tcp.GetStream());
        await using SslStream tls = await AskAsync(recorded);
        using MemoryStream answer = new();
        await tls.CopyToAsync(answer, Cancel);

        Assert.True(answer.Length > Length);
        int whole = recorded.RecordLengths().Count(length => length > LargestRecord);
        Assert.InRange(whole, (Length / LargestRecord) - 2, (Length / LargestRecord) + 1);
    }

    [Fact]
    [Trait("Attack", "slow-reader")]
    public async Task Get_ClientsThatCloseInTheMiddleOfAFile_LeaveTheRelayAsItWas()
    {
        for (int i = 0; i < 10; i++)
        {
            using TcpClient tcp = await ConnectAsync();
            tcp.LingerState = new LingerOption(enable: true, seconds: 0);
            tcp.ReceiveBufferSize = 4096;
            await using SslStream tls = await AskAsync(tcp.GetStream());
            await tls.ReadExactlyAsync(new byte[100], Cancel);
            tcp.Client.Close();
        }

        Assert.Equal(Length, (await _relay.Anonymous.GetByteArrayAsync(_path, Cancel)).Length);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        TcpClient tcp = new();
        await tcp.ConnectAsync("127.0.0.1", _relay.Address.Port, Cancel);
        return tcp;
    }

    private async Task<SslStream> AskAsync(Stream connection)
    {
        SslStream tls = new(connection);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                CertificateChainPolicy = RelayApi.Pin(_relay.CertificateAuthority),
            },
            Cancel);
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET {_path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Cancel);
        return tls;
    }

    /// <summary>Keeps what it receives.</summary>
    private sealed class RecordedStream(Stream inner) : Stream
    {
        private const int HeaderBytes = 5;
        private const byte ApplicationData = 23;

        private readonly MemoryStream _received = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>The lengths of the records with application data (RFC 8446, 5.1).</summary>
        public IEnumerable<int> RecordLengths()
        {
            byte[] bytes = _received.ToArray();
            for (int at = 0; at + HeaderBytes <= bytes.Length;)
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 3));
                if (bytes[at] == ApplicationData)
                {
                    yield return length;
                }

                at += HeaderBytes + length;
            }
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await inner.ReadAsync(buffer, cancellationToken);
            _received.Write(buffer.Span[..read]);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
