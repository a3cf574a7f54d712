using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Relay.Server.Http.Access;

namespace Relay.Server.WebConsole;

/// <summary>A request of the process to itself, in the name of a user of the console and from the address of the browser.</summary>
internal sealed class InnerRequest : IHttpRequestBodyDetectionFeature, IHttpMaxRequestBodySizeFeature, IHttpRequestLifetimeFeature
{
    private readonly CancellationTokenSource _aborted;

    /// <param name="target">Path and query.</param>
    /// <param name="body">Null: none.</param>
    public InnerRequest(
        HttpMethod method, string target, Stream? body, IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers, ConsoleCaller caller,
        HttpContext browser, CancellationToken cancellationToken)
    {
        _aborted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        RequestAborted = _aborted.Token;
        CanHaveBody = body is not null;
        int query = target.IndexOf('?', StringComparison.Ordinal);
        HttpRequestFeature request = new()
        {
            Protocol = HttpProtocol.Http11,
            Scheme = Uri.UriSchemeHttps,
            Method = method.Method,
            Path = WebUtility.UrlDecode((query < 0 ? target : target[..query]).Replace("+", "%2B", StringComparison.Ordinal)),
            QueryString = query < 0 ? "" : target[query..],
            RawTarget = target,
            Body = body ?? Stream.Null,
            Headers = new HeaderDictionary(),
        };
        foreach ((string name, IEnumerable<string> values) in headers)
        {
            request.Headers[name] = values.ToArray();
        }

        request.Headers.Host = browser.Request.Host.Value;
        Features.Set<IHttpRequestFeature>(request);
        Features.Set<IHttpRequestBodyDetectionFeature>(this);
        Features.Set<IHttpMaxRequestBodySizeFeature>(this);
        Features.Set<IHttpRequestLifetimeFeature>(this);
        Features.Set<IHttpRequestIdentifierFeature>(new HttpRequestIdentifierFeature { TraceIdentifier = browser.TraceIdentifier });
        Features.Set<IHttpConnectionFeature>(new HttpConnectionFeature
        {
            ConnectionId = browser.Connection.Id,
            RemoteIpAddress = browser.Connection.RemoteIpAddress,
            RemotePort = browser.Connection.RemotePort,
            LocalIpAddress = browser.Connection.LocalIpAddress,
            LocalPort = browser.Connection.LocalPort,
        });
        Features.Set(caller);
    }

    public FeatureCollection Features { get; } = new();

    public bool CanHaveBody { get; }

    /// <summary>The console bounds what a browser sends.</summary>
    public bool IsReadOnly => false;

    public long? MaxRequestBodySize { get; set; }

    public CancellationToken RequestAborted { get; set; }

    public void Abort() => _aborted.Cancel();
}
