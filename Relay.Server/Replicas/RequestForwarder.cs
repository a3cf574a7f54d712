using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Relay.Server.Events;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;
using Yarp.ReverseProxy.Forwarder;

namespace Relay.Server.Replicas;

/// <summary>Sends requests on to the relay that works. While none does, requests wait a little: one that ends hands over within seconds.</summary>
internal sealed partial class RequestForwarder(
    IHttpForwarder forwarder, ActiveRelayFinder finder, PeerCertificates certificates, TimeProvider timeProvider, ILogger<RequestForwarder> log)
    : IDisposable
{
    /// <summary>How long a request waits for a relay that works.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long requests that are on their way may take when this process stops.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    // Event streams are silent for minutes.
    private static readonly ForwarderRequestConfig Request = new()
    {
        ActivityTimeout = TimeSpan.FromMinutes(10),
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectTimeout,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(5),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        SslOptions = { RemoteCertificateValidationCallback = certificates.IsOfAPeer },
    });

    /// <param name="tryAnswer">Lets this process answer, where its own turn has come meanwhile; null where it has not.</param>
    /// <param name="cancellationToken">The stop of this process: ends event streams at once, and other requests after a while.</param>
    public async Task SendAsync(HttpContext context, Func<HttpContext, Task?> tryAnswer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, timeProvider);
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(
            patience.Token, context.RequestAborted, cancellationToken);
        ActiveRelay? active = null;
        while (!waiting.IsCancellationRequested)
        {
            active = await finder.FindAsync(wrong: active, waiting.Token);
            if (tryAnswer(context) is { } answer)
            {
                await answer;
                return;
            }

            if (active is not null && await TrySendAsync(context, active, cancellationToken))
            {
                return;
            }
        }

        if (!context.RequestAborted.IsCancellationRequested)
        {
            LogNone(context.TraceIdentifier);
            await RefuseAsync(context);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <returns>False when the relay did not get the request, so that it can be sent once more.</returns>
    private async Task<bool> TrySendAsync(HttpContext context, ActiveRelay active, CancellationToken cancellationToken)
    {
        ToActive transformer = new(active);
        using CancellationTokenSource end = new();
        using CancellationTokenRegistration stop = cancellationToken.Register(
            () => end.CancelAfter(transformer.IsEventStream ? TimeSpan.Zero : StopTime));
        IHttpMaxRequestBodySizeFeature? limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        long? ownLimit = limit?.MaxRequestBodySize;
        SetLimit(limit, null);
        ForwarderError error = await forwarder.SendAsync(context, active.Address.AbsoluteUri, _client, Request, transformer, end.Token);
        SetLimit(limit, ownLimit);
        if (error is ForwarderError.None && !transformer.IsRefused)
        {
            return true;
        }

        finder.Forget(active);
        Exception? cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        context.Response.Clear();
        if (CanRepeat(context.Request, transformer, cause))
        {
            return false;
        }

        // It may have done what it was asked.
        LogLost(cause, context.TraceIdentifier, active.Address);
        await RefuseAsync(context);
        return true;
    }

    // The relay that works has its own limits, by route. In this process, they begin with that of the server.
    private static void SetLimit(IHttpMaxRequestBodySizeFeature? limit, long? bytes)
    {
        if (limit is { IsReadOnly: false })
        {
            limit.MaxRequestBodySize = bytes;
        }
    }

    private static bool CanRepeat(HttpRequest request, ToActive transformer, Exception? cause)
    {
        bool isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        bool hasBody = request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false;
        return isRead || WasNotSent(cause) || (transformer.IsRefused && !hasBody);
    }

    /// <summary>True where there was no connection on which a relay could have got anything. One that takes too long, as to a machine that is gone
    /// without a word, ends with a cancellation whose reason is a timeout; that of a request which waits for its answer has none.</summary>
    internal static bool WasNotSent(Exception? cause) => cause is OperationCanceledException { InnerException: TimeoutException }
        or HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError,
    };

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return ReplicaProblems.NoActiveRelay().ExecuteAsync(context);
    }

    [LoggerMessage(1701, LogLevel.Warning, "Request {RequestId} is answered 503: no relay works")]
    private partial void LogNone(string requestId);

    [LoggerMessage(1702, LogLevel.Warning, "Request {RequestId} is answered 503: the relay at {Address} ended, or could not be reached, meanwhile")]
    private partial void LogLost(Exception? exception, string requestId, Uri address);

    private sealed class ToActive(ActiveRelay active) : HttpTransformer
    {
        /// <summary>True when the answer is that of a replica which does not work.</summary>
        public bool IsRefused { get; private set; }

        /// <summary>True once an answer has begun that goes on until one side ends it.</summary>
        public bool IsEventStream { get; private set; }

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Host = httpContext.Request.Host.Value;
            proxyRequest.Headers.TryAddWithoutValidation(ReplicaHeaders.Secret, active.Secret);
            proxyRequest.Headers.TryAddWithoutValidation(ReplicaHeaders.Client, httpContext.Connection.RemoteIpAddress?.ToString());
        }

        public override ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            IsEventStream = proxyResponse?.Content.Headers.ContentType?.MediaType == EventFormat.ContentType;
            IsRefused = proxyResponse?.Headers.Contains(ReplicaHeaders.NotActive) == true;
            return IsRefused ? ValueTask.FromResult(false) : base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        }
    }
}
