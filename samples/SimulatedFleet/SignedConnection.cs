using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Api;
using Shared.Contracts.Cms;
using Shared.Contracts.Nodes;

namespace SimulatedFleet;

/// <summary>An HTTP/2 connection to the relay, over TLS that is pinned to its authority. Nodes share it, and each request is signed by the key of
/// its node (RFC 9421).</summary>
internal sealed class SignedConnection : IDisposable
{
    private const int ProblemBytes = 64 * 1024;

    /// <summary>An event with files is sent as a whole, without a wait until its beginning is read.</summary>
    private const int WindowBytes = 256 * 1024;

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;
    private readonly TimeProvider _timeProvider;
    private long _requests;

    public SignedConnection(Uri relay, string tlsRoot, TimeProvider timeProvider)
    {
        X509Certificate2Collection roots = [];
        roots.ImportFromPemFile(tlsRoot);
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ConnectTime,
            InitialHttp2StreamWindowSize = WindowBytes,
        };
        handler.SslOptions.CertificateChainPolicy = PinnedChainPolicy.Create(roots);
        _http = new HttpClient(handler)
        {
            BaseAddress = relay,
            Timeout = Timeout.InfiniteTimeSpan,         // an event stream stays open
        };
        _timeProvider = timeProvider;
    }

    /// <summary>The requests that its nodes have sent.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public Task<HttpResponseMessage> GetAsync(LightNode node, string path, CancellationToken cancellationToken) =>
        SendAsync(node, new HttpRequestMessage(HttpMethod.Get, path), null, cancellationToken);

    /// <summary>Opens the event stream.</summary>
    /// <param name="channel">The channel whose changed files it is to bring.</param>
    /// <param name="known">The version of the timestamp that the node has verified.</param>
    public Task<HttpResponseMessage> OpenEventsAsync(LightNode node, string channel, long known, CancellationToken cancellationToken)
    {
        HttpRequestMessage request = new(HttpMethod.Get, $"{Routes.Events}?{RelayEvents.ChannelParameter}={channel}");
        request.Headers.Add("Last-Event-ID", known.ToString(CultureInfo.InvariantCulture));
        return SendAsync(node, request, null, cancellationToken);
    }

    public Task<HttpResponseMessage> PostAsync(LightNode node, string path, byte[] json, CancellationToken cancellationToken)
    {
        ByteArrayContent content = new(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return SendAsync(node, new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, json, cancellationToken);
    }

    /// <exception cref="FleetException">The status is not one of success.</exception>
    public static async Task RequireSuccessAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            await response.Content.LoadIntoBufferAsync(ProblemBytes, cancellationToken);
            throw new FleetException($"{what}: status {(int)response.StatusCode}, {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        LightNode node, HttpRequestMessage request, byte[]? body, CancellationToken cancellationToken)
    {
        using (request)
        {
            string? digest = body is null ? null : ContentDigest.Create(body);
            CoveredComponents components = CoveredComponents.Create(request.Method.Method, request.RequestUri!.OriginalString, digest).Value
                ?? throw new FleetException($"{node.Id}: the request '{request.RequestUri}' cannot be signed");
            RequestSignature signature = node.Sign(components, _timeProvider.GetUtcNow());
            request.Headers.Add(RequestSignature.InputHeader, signature.Input);
            request.Headers.Add(RequestSignature.SignatureHeader, signature.Signature);
            if (digest is not null)
            {
                request.Headers.Add(ContentDigest.Header, digest);
            }

            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            Interlocked.Increment(ref _requests);
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
    }
}
