using System.Collections.Concurrent;

namespace SimulatedFleet;

/// <summary>Light nodes in this process, and the journal of what they did.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private const int StartedAtOnce = 32;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<FleetEvent> _journal = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly List<SignedConnection> _connections = [];
    private readonly List<NodeLoop> _loops = [];
    private readonly TimeProvider _timeProvider;
    private Task _running = Task.CompletedTask;

    private Fleet(FleetOptions options, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        SharedMetadata metadata = new(File.ReadAllBytes(options.TrustedRoot), timeProvider);
        SharedArtifacts artifacts = new(timeProvider);
        SharedEvents events = new();
        List<LightNode> nodes = [];
        for (int i = 0; i < options.Nodes; i++)
        {
            if (i % options.NodesPerConnection == 0)
            {
                _connections.Add(new(options.Relay, options.TlsRoot, timeProvider));
            }

            LightNode node = new(options, $"{options.NamePrefix}-{i + 1}", _connections[^1], metadata, artifacts, _journal.Enqueue, timeProvider);
            nodes.Add(node);
            _loops.Add(new(node, _connections[^1], events, options, _complaints.Enqueue, timeProvider));
        }

        Nodes = nodes;
    }

    public IReadOnlyList<LightNode> Nodes { get; }

    /// <summary>What happened since the last <see cref="ClearJournal"/>, in order.</summary>
    public IReadOnlyList<FleetEvent> Journal => [.. _journal];

    /// <summary>The requests that the nodes have sent so far.</summary>
    public long Requests => _connections.Sum(connection => connection.Requests);

    /// <summary>The nodes that run a release now.</summary>
    public int CountOn(int release) => Nodes.Count(node => node.Release == release);

    public void ClearJournal() => _journal.Clear();

    /// <summary>Enrolls the nodes, lets each activate what its channel runs and report once, and opens their event streams.</summary>
    /// <exception cref="FleetException">A node could not do that.</exception>
    public static async Task<Fleet> StartAsync(FleetOptions options, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        Fleet fleet = new(options, timeProvider);
        try
        {
            await fleet.ForEachAsync(
                async (node, token) =>
                {
                    await node.EnrollAsync(token);
                    await node.RefreshAsync(token);
                    await node.ReportAsync(token);
                },
                cancellationToken);
            fleet._running = Task.WhenAll(fleet._loops.Select(loop => loop.RunAsync(fleet._stop.Token)));
            await fleet.WaitAsync(
                "an event stream on each node", TimeSpan.FromSeconds(60), () => fleet._loops.All(loop => loop.HasStream), cancellationToken);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets each node look now.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => ForEachAsync((node, token) => node.RefreshAsync(token), cancellationToken);

    /// <exception cref="FleetException">It was not reached in time.</exception>
    public async Task WaitAsync(string what, TimeSpan time, Func<bool> isReached, CancellationToken cancellationToken)
    {
        long start = _timeProvider.GetTimestamp();
        while (!isReached())
        {
            if (_timeProvider.GetElapsedTime(start) > time)
            {
                throw new FleetException(
                    $"the fleet did not reach: {what}; it runs {string.Join(", ", DescribeReleases())}; "
                    + $"{(_complaints.TryPeek(out string? complaint) ? $"{_complaints.Count} errors, the first: {complaint}" : "no error")}");
            }

            await Task.Delay(LookInterval, _timeProvider, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _connections.ForEach(connection => connection.Dispose());
        foreach (LightNode node in Nodes)
        {
            node.Dispose();
        }

        _stop.Dispose();
    }

    private IEnumerable<string> DescribeReleases() =>
        Nodes.CountBy(node => node.Release).Select(pair => $"release {pair.Key} on {pair.Value} nodes");

    private async Task ForEachAsync(Func<LightNode, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        ParallelOptions bounded = new() { MaxDegreeOfParallelism = StartedAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Nodes, bounded, async (node, token) => await work(node, token));
    }
}
