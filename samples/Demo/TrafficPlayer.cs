using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Relay.Training.Simulation;
using Shared.Contracts.Http;

namespace Demo;

/// <summary>Sends simulated requests to a site on this machine, each client from an address of its own in 127.0.0.0/8, as
/// fast or as slowly as the simulation says.</summary>
internal sealed class TrafficPlayer(Uri site, TimeProvider time) : IDisposable
{
    private readonly Dictionary<IPAddress, HttpMessageInvoker> _clients = [];

    /// <summary>Plays the requests at their times and gives each with the site's answer, in the order of the answers.</summary>
    public async Task PlayAsync(
        IReadOnlyList<SimulatedRequest> requests, Action<SimulatedRequest, HttpResponseMessage> answered, CancellationToken cancel)
    {
        using SemaphoreSlim open = new(32);
        List<Task> pending = [];
        foreach (SimulatedRequest request in requests)
        {
            TimeSpan wait = request.Facts.At - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancel);
            }

            await open.WaitAsync(cancel);
            pending.RemoveAll(t => t.IsCompletedSuccessfully);
            pending.Add(SendAsync(request, answered, open, cancel));
        }

        await Task.WhenAll(pending);
    }

    /// <summary>Sends one request now.</summary>
    public async Task<HttpResponseMessage> SendAsync(SimulatedRequest request, CancellationToken cancel) =>
        await ClientOf(request.Facts.Client).SendAsync(ToMessage(request), cancel);

    public void Dispose()
    {
        foreach (HttpMessageInvoker client in _clients.Values)
        {
            client.Dispose();
        }
    }

    /// <summary>Where a simulated address is seen to come from: the same last three octets on the loopback network.</summary>
    public static IPAddress LoopbackOf(IPAddress address)
    {
        byte[] octets = address.GetAddressBytes();
        return new IPAddress([127, octets[1], octets[2], octets[3]]);
    }

    private async Task SendAsync(
        SimulatedRequest request, Action<SimulatedRequest, HttpResponseMessage> answered, SemaphoreSlim open, CancellationToken cancel)
    {
        try
        {
            using HttpResponseMessage response = await SendAsync(request, cancel);
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
        ConnectCallback = async (context, cancel) =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
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
