using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Polly;
using Polly.Timeout;
using Shared.Contracts;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;
using Shared.Platform.Timing;

namespace Sync.Client.Transport;

/// <summary>An HTTP client for a relay or mirror with bounds on size, time and rate. An offline or wrong server is a refusal, not an
/// exception.</summary>
internal sealed partial class RelayHttp : IDisposable
{
    private const string EventStreamType = "text/event-stream";

    private readonly Uri _address;
    private readonly string? _tlsRoot;
    private readonly TimeSpan? _connectTimeout;
    private HttpClient? _http;
    private bool _isDisposed;
    private readonly RelaySyncBudgets _budgets;
    private readonly TimeProvider _timeProvider;
    private readonly ResiliencePipeline _pipeline;
    private readonly ServerPause _pause;
    private readonly Func<SocketsHttpHandler, HttpMessageHandler> _wrap;
    private readonly RedirectedDownloads? _redirects;

    /// <param name="tlsRoot">Path of the PEM certificates that the server's must chain to; null for those of the system.</param>
    /// <param name="connectTimeout">Of the connection; null for the usual one.</param>
    /// <param name="wrap">Puts a handler before the one of the network; null for none.</param>
    /// <param name="redirects">Follows redirects of downloads; null: none is followed.</param>
    /// <param name="resilience">Adds the app's own strategies, in place of the retries; null for none.</param>
    public RelayHttp(
        Uri address, string? tlsRoot, RelaySyncBudgets budgets, TimeProvider timeProvider, TimeSpan? connectTimeout = null,
        Func<SocketsHttpHandler, HttpMessageHandler>? wrap = null, RedirectedDownloads? redirects = null,
        Action<ResiliencePipelineBuilder>? resilience = null)
    {
        _redirects = redirects;
        _wrap = wrap ?? (handler => handler);
        _timeProvider = timeProvider;
        _budgets = budgets;
        _pause = new ServerPause(timeProvider);
        _pipeline = RetryPipeline.Create(budgets, timeProvider, _pause, resilience);
        (_address, _tlsRoot, _connectTimeout) = (ToFolder(address), tlsRoot, connectTimeout);
    }

    /// <summary>The pace of polls that the server asked for with its last timestamp; zero for none.</summary>
    public TimeSpan AskedPace { get; private set; }

    /// <summary>Reads a file of at most <paramref name="limit"/> bytes into memory.</summary>
    /// <param name="known">The ETag of the copy that the caller has; the same one gives <see cref="FetchStatus.NotModified"/>.</param>
    /// <param name="tooLarge">The reason to give for a longer one.</param>
    public Task<Fetched> GetAsync(
        string path, long limit, RefusalReason tooLarge, EntityTagHeaderValue? known, CancellationToken cancellationToken) =>
        AttemptAsync(path, async timeout =>
        {
            using HttpRequestMessage request = CreateRequest(HttpMethod.Get, path);
            if (known is not null)
            {
                request.Headers.IfNoneMatch.Add(known);
            }

            AcceptCompressed(request);
            using HttpResponseMessage response = await SendAsync(request, timeout).ConfigureAwait(false);
            if (path.EndsWith("/" + MetadataPaths.Timestamp, StringComparison.Ordinal))
            {
                AskedPace = ReadPace(response.Headers);
            }

            if (ResponseClassifier.ClassifyWhole(response, path, isConditional: known is not null) is { } other)
            {
                return other;
            }

            using MemoryStream body = new();
            return await CopyAsync(response, body.WriteAsync, limit, timeout).ConfigureAwait(false)
                ? Fetched.Ok(body.ToArray(), response.Headers.ETag)
                : Fetched.Refused(tooLarge, path, $"longer than {limit} bytes");
        }, cancellationToken);

    /// <summary>Sends JSON. The reason is <see cref="RefusalReason.CheckInRefused"/> when it is of no form that the relay takes.</summary>
    public async Task<Sent> PostJsonAsync(string path, byte[] json, CancellationToken cancellationToken)
    {
        RelayProblem? problem = null;
        Fetched sent = await AttemptAsync(path, async timeout =>
        {
            using HttpRequestMessage request = CreateRequest(HttpMethod.Post, path);
            request.Content = new ByteArrayContent(json) { Headers = { ContentType = new("application/json") } };
            using HttpResponseMessage response = await SendAsync(request, timeout).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.RequestEntityTooLarge
                or HttpStatusCode.UnprocessableEntity)
            {
                problem = await RelayProblem.ReadAsync(response, timeout.Token).ConfigureAwait(false);
                RefusalReason reason = response.StatusCode is HttpStatusCode.Conflict
                    ? RefusalReason.TransportUnavailable
                    : RefusalReason.CheckInRefused;
                return Fetched.Refused(reason, path, problem.Text);
            }

            if (response.StatusCode is HttpStatusCode.ServiceUnavailable)
            {
                // A relay that has no place for a node will have none in a second either.
                problem = await RelayProblem.ReadAsync(response, timeout.Token).ConfigureAwait(false);
                if (IdentityRefusals.ExplainFull(problem, path) is { } full)
                {
                    return Fetched.Refused(full);
                }
            }

            return ResponseClassifier.ClassifySent(response, path) ?? Fetched.Ok([], null);
        }, cancellationToken).ConfigureAwait(false);
        return sent.Status is FetchStatus.Ok ? Sent.Accepted
            : new(sent.Refusal ?? new Refusal(RefusalReason.TransportUnavailable, path, "the relay has no such route"), problem);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _http?.Dispose();
        _redirects?.Dispose();
    }

    /// <summary>The address with a slash at its end, so that paths are relative to all of it.</summary>
    public static Uri ToFolder(Uri address) => new(address.AbsoluteUri.TrimEnd('/') + "/");

    // HttpClient's own default version is for requests that it makes itself, and not for messages.
    internal static HttpRequestMessage CreateRequest(HttpMethod method, string path) => new(method, path.TrimStart('/'))
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, MinimumRateTimeout timeout)
    {
        HttpResponseMessage response = await _http!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            _pause.Begin(response.Headers);
        }

        return response;
    }

    // At the first request: certificates that cannot be read refuse requests, and end no program.
    private Fetched? Connect(string path)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            _http ??= new HttpClient(_wrap(PinnedTls.CreateHandler(_tlsRoot, _connectTimeout)))
            {
                BaseAddress = _address,
                Timeout = Timeout.InfiniteTimeSpan,
            };
            return null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return Fetched.Refused(
                RefusalReason.TransportUnavailable, path,
                $"the certificates in '{_tlsRoot}' cannot be used: {e.Message}; get the PEM file from the relay's operator");
        }
    }

    private async Task<Fetched> AttemptAsync(string path, Func<MinimumRateTimeout, Task<Fetched>> attempt, CancellationToken cancellationToken)
    {
        if (Connect(path) is { } unusable)
        {
            return unusable;
        }

        try
        {
            return await _pipeline.ExecuteAsync(
                async token => await AttemptOnceAsync(path, attempt, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (TransientRequestException e)
        {
            return Fetched.Refused(RefusalReason.TransportUnavailable, path, e.Message);
        }
        catch (TimeoutRejectedException)
        {
            return Fetched.Refused(RefusalReason.TransportTooSlow, path, $"not complete after {_budgets.DownloadDeadline}");
        }
        catch (ExecutionRejectedException e)
        {
            // Of the app's own pipeline: an open circuit, for example.
            return Fetched.Refused(RefusalReason.TransportUnavailable, path, e.Message);
        }
    }

    private async Task<Fetched> AttemptOnceAsync(string path, Func<MinimumRateTimeout, Task<Fetched>> attempt, CancellationToken cancellationToken)
    {
        if (_pause.Left is var pause && pause > RetryPipeline.LongestPause)
        {
            return Fetched.Refused(
                RefusalReason.TransportUnavailable, path,
                $"the server asked for no request in the next {Math.Ceiling(pause.TotalSeconds)} s (Retry-After)");
        }

        await Task.Delay(pause, _timeProvider, cancellationToken).ConfigureAwait(false);
        using MinimumRateTimeout timeout = new(_budgets.SlowBodyGrace, _budgets.MinimumBytesPerSecond, _timeProvider, cancellationToken);
        try
        {
            return await attempt(timeout).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsTooSlow && !cancellationToken.IsCancellationRequested)
        {
            return Fetched.Refused(
                RefusalReason.TransportTooSlow, path, $"slower than {_budgets.MinimumBytesPerSecond} bytes a second");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The handler's own time-outs, such as that of the connection, come as cancellations without a request.
            throw new TransientRequestException(ConnectionError.ExplainTimeout(_address, e), e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return Fetched.Refused(RefusalReason.TransportUnavailable, path, ConnectionError.ExplainTls(_address, _tlsRoot, e));
        }
        catch (HttpRequestException e)
        {
            throw new TransientRequestException(ConnectionError.Explain(_address, e), e);
        }
    }
}
