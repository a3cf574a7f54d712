using System.Diagnostics;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Benchmarks.Serving;

/// <summary>How long it takes until another process does the work of one that was killed: a worker its run, and the relay that works all it does.
/// The server of the database shares the cores.</summary>
internal static class TakeoverRows
{
    private const int Times = 5;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        List<double> relays = [];
        List<double> runs = [];
        for (int i = 0; i < Times; i++)
        {
            runs.Add(await KillWorkerAsync(cancellationToken));
            relays.Add(await KillRelayAsync(cancellationToken));
        }

        return
        [
            BenchRow.LowerIsBetter(
                "serving.takeover.seconds", Median(runs), null, "s",
                $"from the kill of a worker until another one trains its run, median of {Times}, longest {runs.Max():0.00}"),
            BenchRow.LowerIsBetter(
                "serving.takeover.relay.seconds", Median(relays), null, "s",
                $"from the kill of the relay that works until its replica has added a model, median of {Times}, longest {relays.Max():0.00}"),
        ];
    }

    private static async Task<double> KillWorkerAsync(CancellationToken cancellationToken)
    {
        string server = PostgresServer.Shared.CreateEmptyDatabase();
        await using RelayProcess relay = new("--database", server, "--role", "api") { IsReplica = true };
        await relay.StartAsync();
        await using RelayProcess killed = new("--database", server) { IsWorker = true, Beside = relay };
        await using RelayProcess other = new("--database", server) { IsWorker = true, Beside = relay };
        using HttpClient admin = relay.CreateAdminClient();
        TrainingRun run = await admin.StartRunAsync(SmallModel.SlowSpec(), SmallModel.LargeData);
        await killed.StartAsync();
        await admin.WaitForRunAsync(run.Id, found => found.Stage == "fit", cancellationToken);
        await other.StartAsync();
        long began = Stopwatch.GetTimestamp();
        await killed.KillAsync();
        string started = $"Training run {run.Id} of";
        while (!other.Log.Any(line => line.Contains(started, StringComparison.Ordinal)))
        {
            await Task.Delay(5, cancellationToken);
        }

        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<double> KillRelayAsync(CancellationToken cancellationToken)
    {
        string server = PostgresServer.Shared.CreateEmptyDatabase();
        await using RelayProcess works = new("--database", server) { IsReplica = true };
        await works.StartAsync();
        await using RelayProcess waits = new("--database", server) { IsReplica = true, Beside = works };
        await waits.StartAsync();
        using HttpClient admin = waits.CreateAdminClient();
        await admin.AddModelAsync(SmallModel.Spec());
        long began = Stopwatch.GetTimestamp();
        await works.KillAsync();
        await admin.AddModelAsync(SmallModel.Spec("next"));
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
