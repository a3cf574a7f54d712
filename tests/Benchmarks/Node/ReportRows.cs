using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Sync.Client;

namespace Benchmarks.Node;

/// <summary>The bytes that a node sends to its relay for its reports.</summary>
internal static class ReportRows
{
    private const int Hours = 4;
    private const int CallsPerPoll = 100;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 10, cancellationToken));
        using TemporaryFolder folder = new();

        // The hours are simulated, and end at the relay's time: it counts no calls of the future.
        TestClock clock = TestClock.Running();
        clock.Set(-TimeSpan.FromHours(Hours));
        BodyCounter? counter = null;
        RelaySyncOptions options = new()
        {
            Relay = relay.Address,
            TlsRoot = relay.CertificateAuthority,
            TrustedRoot = relay.TrustedRoot,
            StoreFolder = folder.Combine("store"),
            NodeId = "bench",
            Models = { SmallModel.Name },
            HttpHandler = network => counter = new BodyCounter(network),
        };
        options.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
        await using SyncClient node = new(options, clock, NullLogger<SyncClient>.Instance);
        await RefreshAsync(node, cancellationToken);
        counter!.Reset();
        IRelayModel model = node.Models.Single();
        for (DateTimeOffset end = clock.GetUtcNow().AddHours(Hours); clock.GetUtcNow() < end; clock.Advance(options.PollInterval))
        {
            for (int call = 0; call < CallsPerPoll; call++)
            {
                _ = model.Predict([call, 10], ["tcp"]);
            }

            await RefreshAsync(node, cancellationToken);
        }

        return
        [
            BenchRow.LowerIsBetter(
                "node.report.bytes", (double)counter.Bytes / Hours, null, "bytes",
                $"an hour: the bodies of {counter.Bodies} check-ins in {Hours} simulated hours, one model, {CallsPerPoll} calls a poll, " +
                    "default options"),
        ];
    }

    private static async Task RefreshAsync(SyncClient node, CancellationToken cancellationToken)
    {
        if ((await node.RefreshAsync(cancellationToken)).Refusal is { } refusal)
        {
            throw new InvalidOperationException($"{refusal.Reason}: {refusal.Detail}");
        }
    }

    private sealed class BodyCounter(HttpMessageHandler next) : DelegatingHandler(next)
    {
        public long Bytes { get; private set; }

        public int Bodies { get; private set; }

        public void Reset() => (Bytes, Bodies) = (0, 0);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } content)
            {
                Bytes += (await content.ReadAsByteArrayAsync(cancellationToken)).Length;
                Bodies++;
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
