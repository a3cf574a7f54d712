using System.Net;
using System.Net.Sockets;
using Relay.Server.Cli;
using Relay.TestKit;

namespace Relay.Server.Tests.Http;

/// <summary>A relay with a small bound of connections for each address.</summary>
public sealed class ConnectionLimitTests
{
    private const int Bound = 6;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Attack", "connection-flood")]
    public async Task Connect_OneAddressTakesAllItMay_IsRefusedBeforeTlsAndOthersAreServed()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { ConnectionsPerAddress = Bound });
        List<Socket> open = [];
        try
        {
            for (int i = 0; i < Bound * 3; i++)
            {
                open.Add(await ConnectAsync(relay, "127.0.0.2"));
            }

            await Eventually.TrueAsync(() => open.Count(IsClosed) >= Bound * 2, "what is beyond the bound is refused", cancellationToken: Cancel);
            using HttpClient other = ClientFrom(relay, "127.0.0.3");
            using HttpResponseMessage served = await other.GetAsync("/health/live", Cancel);
            int accepted = open.Count(socket => !IsClosed(socket));
            open.ForEach(socket => socket.Dispose());
            using HttpClient same = ClientFrom(relay, "127.0.0.2");
            await Eventually.TrueAsync(async () => await TryGetAsync(same), "the address has connections again", cancellationToken: Cancel);

            Assert.Equal(Bound, accepted);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Bound)]
    public async Task Connect_TrustedProxyOrAProgramOfThisMachineByDefault_HasNoBoundOfItsOwn(int bound)
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with
        {
            ConnectionsPerAddress = bound,
            TrustedProxies = bound == 0 ? [] : [new IPNetwork(IPAddress.Parse("127.0.0.2"), 32)],
        });
        List<Socket> open = [];
        try
        {
            for (int i = 0; i < Bound * 2; i++)
            {
                open.Add(await ConnectAsync(relay, "127.0.0.2"));
                Assert.True(await IsOpenAsync(open[^1]));
            }
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<Socket> ConnectAsync(TestRelay relay, string from)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, relay.Address.Port, Cancel);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Refused before this side saw it open: such a socket receives nothing.
        }

        return socket;
    }

    private static bool IsClosed(Socket socket) => !socket.Connected || (socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0);

    // The relay says nothing before the client does: a refused connection ends, and another one stays silent.
    private static async Task<bool> IsOpenAsync(Socket socket)
    {
        using CancellationTokenSource silent = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        silent.CancelAfter(TimeSpan.FromMilliseconds(300));
        try
        {
            return await socket.ReceiveAsync(new byte[1], silent.Token) > 0;
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<bool> TryGetAsync(HttpClient client)
    {
        try
        {
            using HttpResponseMessage response = await client.GetAsync("/health/live", Cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static HttpClient ClientFrom(TestRelay relay, string address)
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(relay.CertificateAuthority);
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
        return new HttpClient(handler) { BaseAddress = relay.Address };
    }
}
