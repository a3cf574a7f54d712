using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Training;

/// <summary>What a run needed is the system's again when it has ended: on a small box other programs need it.</summary>
public sealed class MemoryAfterTrainingTests
{
    private const long Mebibyte = 1 << 20;

    /// <summary>A run of this size keeps 390 MiB where nothing gives it back. Compiled code and caches stay.</summary>
    private const long Growth = 160 * Mebibyte;

    [Fact]
    public async Task Run_OfALargeForest_GivesItsMemoryBack()
    {
        await using RelayProcess relay = new();
        WriteRows(Path.Combine(relay.DatasetsFolder, "large.csv"));
        await relay.StartAsync();
        using HttpClient admin = relay.CreateAdminClient();
        ModelSpec spec = SmallModel.Spec() with { Parameters = new ModelParameters { Trees = 30, Depth = 16, Seed = 1 } };
        (await admin.PostAsJsonAsync(Routes.Models, spec, ModelJson.Default.ModelSpec, Cancel)).EnsureSuccessStatusCode();
        long idle = relay.ResidentBytes;

        using HttpResponseMessage started = await admin.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest(spec.Name, new() { Train = "large.csv" }), RelayApiJson.Default.TrainingRunRequest, Cancel);
        Uri run = started.Headers.Location!;
        await Eventually.GetAsync(
            () => admin.GetFromJsonAsync(run, RelayApiJson.Default.TrainingRun, Cancel), found => found!.IsFinished, "the run ended",
            cancellationToken: Cancel);

        await Eventually.GetAsync(
            () => Task.FromResult((relay.ResidentBytes - idle) / Mebibyte), grown => grown < Growth / Mebibyte,
            "the relay had given the memory of the run back (MiB more than before it)", TimeSpan.FromSeconds(60), Cancel);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static void WriteRows(string path)
    {
        Random random = new(1);
        using StreamWriter rows = new(path);
        rows.WriteLine("rate,size,protocol,verdict");
        for (int i = 0; i < 150_000; i++)
        {
            double rate = random.NextDouble() * 100;
            double size = random.NextDouble() * 1000;
            string verdict = (rate * size / 1000) + (random.NextDouble() * 30) > 60 ? "flood" : "benign";
            rows.WriteLine(FormattableString.Invariant($"{rate:F4},{size:F3},{(i % 2 == 0 ? "tcp" : "udp")},{verdict}"));
        }
    }
}
