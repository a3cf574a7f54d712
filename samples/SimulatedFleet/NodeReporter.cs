using System.Text.Json;
using Shared.Contracts.Api;
using Shared.Contracts.Reports;

namespace SimulatedFleet;

/// <summary>Enrolls a node and sends its check-ins, one at a time, with numbers that grow.</summary>
internal sealed class NodeReporter(LightNode node, SignedConnection connection, string channel, TimeProvider timeProvider) : IDisposable
{
    private const int WindowSeconds = 1;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _sequence;
    private long _window;

    public async Task EnrollAsync(byte[] publicKey, string token, CancellationToken cancellationToken)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(
            new NodeEnrollment(node.Id, Convert.ToBase64String(publicKey), token), RelayApiJson.Default.NodeEnrollment);
        using HttpResponseMessage response = await connection.PostAsync(node, Routes.Enroll, json, cancellationToken);
        await SignedConnection.RequireSuccessAsync(response, $"{node.Id}: enrollment", cancellationToken);
    }

    /// <summary>Returns when the relay has acknowledged the check-in.</summary>
    public async Task SendAsync(
        NodeState state, IReadOnlyList<(RunningModel Model, UsageFigures Figures)> usage, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(Create(state, usage), RelayApiJson.Default.CheckIn);
            using HttpResponseMessage response = await connection.PostAsync(node, Routes.CheckInsOf(node.Id), json, cancellationToken);
            await SignedConnection.RequireSuccessAsync(response, $"{node.Id}: check-in", cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private CheckIn Create(NodeState state, IReadOnlyList<(RunningModel Model, UsageFigures Figures)> usage)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        _sequence = Math.Max(_sequence + 1, now.ToUnixTimeMilliseconds());
        return new CheckIn
        {
            Node = node.Id,
            Channel = channel,
            Release = state.Release,
            Stale = false,
            At = now,
            Models = [.. state.Models.Select(model => new ActiveModel(model.Name, model.Version, model.Sha256, "simulated", 0, 0))],
            Refusals = [],
            Quarantine = [],
            Sequence = _sequence,
            Metadata = state.Metadata,
            Library = "SimulatedFleet",
            Windows = usage.Count == 0 ? null : [CreateWindow(usage, now)],
        };
    }

    private UsageWindow CreateWindow(IReadOnlyList<(RunningModel Model, UsageFigures Figures)> usage, DateTimeOffset now)
    {
        _window = Math.Max(_window + 1, now.ToUnixTimeMilliseconds() - (WindowSeconds * 1000));
        return new UsageWindow
        {
            Id = _window,
            Seconds = WindowSeconds,
            Versions =
            [
                .. usage.Select(pair => new VersionUsage
                {
                    Release = pair.Model.Release,
                    Model = pair.Model.Name,
                    Version = pair.Model.Version,
                    Calls = pair.Figures.Calls,
                    Rows = pair.Figures.Calls - pair.Figures.Failures,
                    Failures = pair.Figures.Failures,
                    Labels = pair.Figures.Labels,
                    Latency = pair.Figures.Latency,
                }),
            ],
        };
    }
}
