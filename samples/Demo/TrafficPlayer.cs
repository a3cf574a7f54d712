using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Relay.Training.Simulation;
using Shared.Contracts.Http;

namespace Demo;

/// <summary>Sends simulated requests to a site on this machine, each client from an address of its own in 127.0.0.0/8, at
/// the times that the simulation gives.</summary>
internal sealed class TrafficPlayer(Uri site, TimeProvider timeProvider) : IDisposable
{
    private readonly Dictionary<IPAddress, HttpMessageInvoker> _clients = [];

    /// <summary>Sends the requests at their times and reports each with the site's response, in the order of the responses.</summary>
    public async Task PlayAsync(
        IReadOnlyList<SimulatedRequest> requests, Action<SimulatedRequest, HttpResponseMessage> answered, CancellationToken cancellationToken)
    {
        using SemaphoreSlim open = new(32);
        List<Task> pending = [];
        foreach (SimulatedRequest request in requests)
        {
            TimeSpan wait = request.Facts.At - timeProvider.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, timeProvider, cancellationToken);
            }

            await open.WaitAsync(cancellationToken);
            pending.RemoveAll(t => t.IsCompletedSuccessfully);
            pending.Add(SendAsync(request, answered, open, cancellationToken));
        }

        await Task.WhenAll(pending);
    }

    /// <summary>Sends one request now.</summary>
    public async Task<HttpResponseMessage> SendAsync(SimulatedRequest request, CancellationToken cancellationToken) =>
        await ClientOf(request.Facts.Client).SendAsync(ToMessage(request), cancellationToken);

    public void Dispose()
    {
        foreach (HttpMessageInvoker client in _clients.Values)
        {
            client.Dispose();
        }
    }

    /// <summary>The loopback address that stands for a simulated one: the same last three octets.</summary>
    public static IPAddress LoopbackOf(IPAddress address)
    {
        byte[] octets = address.GetAddressBytes();
        return new IPAddress([127, octets[1], octets[2], octets[3]]);
    }

    private async Task SendAsync(
        SimulatedRequest request, Action<SimulatedRequest, HttpResponseMessage> answered, SemaphoreSlim open, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await SendAsync(request, cancellationToken);
            answered(request, response);
        }
        finally
        {
            open.Release();
        }
    }

    private HttpRequestMessage ToMessage(SimulatedRequest request)
    {
        HttpRequestFacts facts = request.Facts;

        // An attack goes out as it is: the usual clean-up of paths would take "../" away.
        Uri uri = new($"http://{site.Authority}{facts.Target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        HttpRequestMessage message = new(new HttpMethod(facts.Method), uri) { Version = HttpVersion.Version11 };
        if (facts.Header("Content-Length") is { } text)
        {
            int length = int.Parse(text, CultureInfo.InvariantCulture);
            string login = request.LoginFails ? "password=wrong" : "password=right";
            message.Content = new StringContent(login.PadRight(length, 'x')[..length]);
            message.Content.Headers.Clear();
        }

        foreach ((string name, string value) in facts.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    private HttpMessageInvoker ClientOf(IPAddress address)
    {
        IPAddress from = LoopbackOf(address);
        lock (_clients)
        {
            return _clients.TryGetValue(from, out HttpMessageInvoker? known) ? known : _clients[from] = Connect(from);
        }
    }

    private static HttpMessageInvoker Connect(IPAddress from) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,       // it would add a header that the simulated client does not send
        ConnectCallback = async (context, cancellationToken) =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    });
}
