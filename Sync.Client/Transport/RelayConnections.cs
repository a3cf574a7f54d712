using Shared.Contracts;
using Sync.Client.Identity;

namespace Sync.Client.Transport;

/// <summary>A node's connections: to its relay and to the mirrors, or to neither.</summary>
internal sealed class RelayConnections : IDisposable
{
    private readonly List<RelayHttp> _connections = [];
    private readonly RelaySyncOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly NodeEnroller? _enroller;

    /// <param name="identity">Signs the requests to the relay, and to it alone.</param>
    /// <param name="onEnrolled">Called after the relay accepted the node's key.</param>
    /// <param name="report">Gets each refusal for which another source made up.</param>
    /// <param name="held">Gives the version of the timestamp that the node has; 0 for none.</param>
    public RelayConnections(
        RelaySyncOptions options, TimeProvider timeProvider, NodeIdentity identity, Action onEnrolled, Action<Refusal> report, Func<long> held)
    {
        (_options, _timeProvider) = (options, timeProvider);
        List<IRepositorySource> sources = [];
        if (options.Relay is { } relay)
        {
            Uri folder = RelayHttp.ToFolder(relay);
            NodeEnroller enroller = _enroller = new(folder, identity, new EnrollmentTokens(options), timeProvider, onEnrolled);
            Relay = Connect(
                relay, options.TlsRoot, network => new SignatureHandler(folder, identity, enroller) { InnerHandler = Wrap(network) },
                options.RedirectHosts.Count > 0 ? new RedirectedDownloads(options.RedirectHosts, options.MirrorTlsRoot, report, Wrap) : null);
            sources.Add(new PushedRepository(HttpRepository.FromRelay(relay, Relay), Pushed, held));
        }

        sources.AddRange(options.Mirrors.Select(m => HttpRepository.FromMirror(m, Connect(m, options.MirrorTlsRoot))));
        Sources = new RepositorySources(sources, report);
    }

    /// <summary>Null where the node has no relay.</summary>
    public RelayHttp? Relay { get; }

    /// <summary>What the relay's event stream brought.</summary>
    public PushedFiles Pushed { get; } = new();

    /// <summary>The relay first, then the mirrors in the order of the options.</summary>
    public RepositorySources Sources { get; }

    public void Dispose()
    {
        _connections.ForEach(c => c.Dispose());
        _enroller?.Dispose();
    }

    private RelayHttp Connect(
        Uri address, string? tlsRoot, Func<SocketsHttpHandler, HttpMessageHandler>? wrap = null, RedirectedDownloads? redirects = null)
    {
        RelayHttp http = new(
            address, tlsRoot, _options.Budgets, _timeProvider, wrap: wrap ?? Wrap, redirects: redirects, resilience: _options.Resilience);
        _connections.Add(http);
        return http;
    }

    // The signature of the node is added before the app's handlers: they see what is sent.
    private HttpMessageHandler Wrap(SocketsHttpHandler network)
    {
        if (_options.Proxy is { } proxy)
        {
            network.Proxy = new FixedProxy(proxy);
        }

        return _options.HttpHandler?.Invoke(network) ?? network;
    }
}
