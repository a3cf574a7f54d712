using System.Security.Cryptography;
using Shared.Contracts;

namespace Sync.Client.Transport;

/// <summary>Downloads artifacts from hosts to which the relay may send the node. Such a host gets no credential and no signature of the node, is
/// asked for https addresses only, and cannot send the node on. The caller verifies the bytes, as those of the relay.</summary>
/// <param name="hosts">As <see cref="RelaySyncOptions.RedirectHosts"/> has them.</param>
/// <param name="tlsRoot">Path of the PEM certificates that theirs must chain to; null for those of the system.</param>
/// <param name="report">Gets each refusal for which the relay itself made up.</param>
/// <param name="wrap">Puts the app's own handlers before the one of the network; null for none.</param>
internal sealed class RedirectedDownloads(
    IEnumerable<string> hosts, string? tlsRoot, Action<Refusal> report, Func<SocketsHttpHandler, HttpMessageHandler>? wrap = null) : IDisposable
{
    private readonly HashSet<string> _authorities = new(hosts.Select(AuthorityOf).OfType<string>(), StringComparer.OrdinalIgnoreCase);
    private readonly Func<SocketsHttpHandler, HttpMessageHandler> _wrap = wrap ?? (handler => handler);
    private HttpClient? _http;

    public void Report(Refusal refusal) => report(refusal);

    /// <summary>The host and the port of an entry of the options, without that of https; null where it is none.</summary>
    public static string? AuthorityOf(string host) =>
        Uri.TryCreate($"https://{host}", UriKind.Absolute, out Uri? address) && address.PathAndQuery == "/" && address.UserInfo.Length == 0
        && address.Fragment.Length == 0 && !host.EndsWith('/')
            ? address.Authority
            : null;

    /// <summary>Why the node does not go there; null: it does. The address has a signature of the relay, and stands in no log.</summary>
    public string? FindError(Uri? location) => location switch
    {
        null or { IsAbsoluteUri: false } => "a redirect without an address",
        { Scheme: not "https" } => $"a redirect to {location.Scheme}, and only https is followed",
        { UserInfo.Length: > 0 } => "a redirect with a user's name",
        _ when !_authorities.Contains(location.Authority) => $"a redirect to {location.Authority}, which {OptionNames.RedirectHosts} does not list",
        _ => null,
    };

    /// <exception cref="HttpRequestException">The host does not answer, or its certificate is not trusted.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            _http ??= new HttpClient(_wrap(PinnedTls.CreateHandler(tlsRoot))) { Timeout = Timeout.InfiniteTimeSpan };
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new HttpRequestException(HttpRequestError.SecureConnectionError, $"the certificates in '{tlsRoot}' cannot be used", e);
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose() => _http?.Dispose();
}
