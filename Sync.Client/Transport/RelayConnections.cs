using Shared.Contracts;

namespace Sync.Client.Transport;

/// <summary>A node's connections: to its relay and to the mirrors, or to neither.</summary>
internal sealed class RelayConnections : IDisposable
{
    private readonly List<RelayHttp> _connections = [];
    private readonly RelaySyncBudgets _budgets;
    private readonly TimeProvider _timeProvider;

    /// <param name="report">Gets each refusal for which another source made up.</param>
    public RelayConnections(RelaySyncOptions options, TimeProvider timeProvider, Action<Refusal> report)
    {
        (_budgets, _timeProvider) = (options.Budgets, timeProvider);
        List<IRepositorySource> sources = [];
        if (options.Relay is { } relay)
        {
            Relay = Connect(relay, options.TlsRoot);
            sources.Add(HttpRepository.FromRelay(relay, Relay));
        }

        sources.AddRange(options.Mirrors.Select(m => HttpRepository.FromMirror(m, Connect(m, options.MirrorTlsRoot))));
        Sources = new RepositorySources(sources, report);
    }

    /// <summary>Null where the node has no relay.</summary>
    public RelayHttp? Relay { get; }

    /// <summary>The relay first, then the mirrors in the order of the options.</summary>
    public RepositorySources Sources { get; }

    public void Dispose() => _connections.ForEach(c => c.Dispose());

    private RelayHttp Connect(Uri address, string? tlsRoot)
    {
        RelayHttp http = new(address, tlsRoot, _budgets, _timeProvider);
        _connections.Add(http);
        return http;
    }
}
