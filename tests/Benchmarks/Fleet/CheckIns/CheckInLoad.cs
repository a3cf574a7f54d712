using System.Diagnostics;
using System.Net.Http.Json;
using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Benchmarks.Fleet.CheckIns;

/// <param name="PerSecond">Acknowledged reports per second.</param>
/// <param name="RelayMicroseconds">Processor time of the relay per report.</param>
/// <param name="NodeMicroseconds">Processor time of the nodes per report.</param>
internal readonly record struct CheckInRate(double PerSecond, double RelayMicroseconds, double NodeMicroseconds);

/// <summary>A relay in a process of its own, and enrolled nodes that report to it over a few kept connections, as nodes behind a proxy do.</summary>
/// <param name="database">The connection string of a PostgreSQL database; null: the relay keeps its rows in SQLite.</param>
internal sealed class CheckInLoad(string? database = null) : IAsyncDisposable
{
    public const int Nodes = 1000;
    public const int Connections = 8;
    public const int WaitingPerConnection = 32;

    private readonly RelayProcess _relay =
        new([.. (string[])["--rate-limit", "0", "--max-nodes", "200000"], .. database is null ? (string[])[] : ["--database", database]]);

    private readonly List<HttpClient> _connections = [];
    private ReportingNode[] _nodes = [];
    private long _next;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _relay.StartAsync();
        using HttpClient admin = _relay.CreateAdminClient();
        using HttpResponseMessage put = await admin.PutAsJsonAsync(
            $"{Routes.Models}/{SmallModel.Name}", SmallModel.Spec(), ModelJson.Default.ModelSpec, cancellationToken);
        put.EnsureSuccessStatusCode();
        using HttpResponseMessage accepted = await admin.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest(SmallModel.Name, SmallModel.Data),
            RelayApiJson.Default.TrainingRunRequest, cancellationToken);
        accepted.EnsureSuccessStatusCode();
        TrainingRun run = (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun, cancellationToken))!;
        run = await admin.WaitForRunAsync(run.Id, r => r.IsFinished, cancellationToken);
        ModelVersion version = new(SmallModel.Name, run.Version ?? throw new InvalidOperationException($"{run.Problem}"));
        using HttpResponseMessage released = await admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [version] }, RelayApiJson.Default.ReleaseRequest, cancellationToken);
        released.EnsureSuccessStatusCode();
        using HttpResponseMessage created = await admin.PostAsJsonAsync(
            Routes.EnrollmentTokens, new EnrollmentTokenRequest { Name = "load", Uses = Nodes },
            RelayApiJson.Default.EnrollmentTokenRequest, cancellationToken);
        created.EnsureSuccessStatusCode();
        string token = (await created.Content.ReadFromJsonAsync(RelayApiJson.Default.EnrollmentTokenCreated, cancellationToken))!.Token;
        for (int i = 0; i < Connections; i++)
        {
            SocketsHttpHandler handler = new();
            handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(Path.Combine(_relay.DataFolder, "tls", "ca.pem"));
            _connections.Add(new HttpClient(handler) { BaseAddress = _relay.Address });
        }

        _nodes = [.. Enumerable.Range(0, Nodes).Select(i => new ReportingNode($"node-{i:0000}", version, release: 1))];
        await Parallel.ForEachAsync(
            _nodes, cancellationToken, async (node, stop) => await node.EnrollAsync(_connections[0], token, stop));
    }

    /// <summary>Sends so many reports, each node in its turn, and waits for every answer.</summary>
    public async Task<CheckInRate> ReportAsync(int count, CancellationToken cancellationToken)
    {
        long end = _next + count;
        long started = Stopwatch.GetTimestamp();
        TimeSpan relay = _relay.ProcessorTime;
        TimeSpan nodes = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(_connections.SelectMany(connection => Enumerable.Range(0, WaitingPerConnection).Select(async _ =>
        {
            for (long number; (number = Interlocked.Increment(ref _next) - 1) < end;)
            {
                await _nodes[number % Nodes].ReportAsync(connection, cancellationToken);
            }
        })));
        _next = end;
        return new(
            count / Stopwatch.GetElapsedTime(started).TotalSeconds, (_relay.ProcessorTime - relay).TotalMicroseconds / count,
            (Environment.CpuUsage.TotalTime - nodes).TotalMicroseconds / count);
    }

    public async ValueTask DisposeAsync()
    {
        _connections.ForEach(connection => connection.Dispose());
        await _relay.DisposeAsync();
        Array.ForEach(_nodes, node => node.Dispose());
    }
}
