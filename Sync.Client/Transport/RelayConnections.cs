using Shared.Contracts;
using Sync.Client.Reports;

namespace Sync.Client.Transport;

/// <summary>Whom a node asks and whom it tells: the relay and its mirrors, or nobody.</summary>
internal sealed class RelayConnections : IDisposable
{
    private readonly List<RelayHttp> _connections = [];
    private readonly RelaySyncBudgets _budgets;
    private readonly TimeProvider _timeProvider;
    private readonly CheckInReporter? _checkIns;

    public RelayConnections(RelaySyncOptions options, RefusalLog refusals, TimeProvider timeProvider, Action<Refusal> note)
    {
        (_budgets, _timeProvider) = (options.Budgets, timeProvider);
        List<IRepositorySource> sources = [];
        if (options.Relay is { } relay)
        {
            RelayHttp http = Connect(relay, options.TlsRoot);
            sources.Add(HttpRepository.OfRelay(relay, http));
            _checkIns = new CheckInReporter(http, refusals, timeProvider);
        }

        sources.AddRange(options.Mirrors.Select(m => HttpRepository.OfMirror(m, Connect(m, options.MirrorTlsRoot))));
        Sources = new RepositorySources(sources, note);
    }

    public RepositorySources Sources { get; }

    /// <summary>Tells the relay, and nobody else, what the node runs. False when a report was due and did not arrive.</summary>
    public async Task<bool> ReportAsync(SyncStatus status, CancellationToken cancellationToken) =>
        // Who just did not answer is not asked again at once.
        _checkIns is null || Sources.FirstIsAway || await _checkIns.ReportAsync(status, cancellationToken).ConfigureAwait(false);

    public void Dispose() => _connections.ForEach(c => c.Dispose());

    private RelayHttp Connect(Uri address, string? tlsRoot)
    {
        RelayHttp http = new(address, tlsRoot, _budgets, _timeProvider);
        _connections.Add(http);
        return http;
    }
}
