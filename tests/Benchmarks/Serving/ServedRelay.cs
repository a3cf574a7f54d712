using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Benchmarks.Serving;

/// <summary>A relay in a process of its own that trains from files of this suite and publishes. Its files are open, as nginx's are, and its rate
/// limit counts each request but refuses none.</summary>
internal sealed class ServedRelay : IAsyncDisposable
{
    private const int Columns = 20;
    private readonly HttpClient _admin;

    private ServedRelay(RelayProcess process) => (Process, _admin) = (process, process.CreateAdminClient());

    public RelayProcess Process { get; }

    /// <summary>PEM of the certificate and the key that the relay presents.</summary>
    public string Certificate => Path.Combine(Process.DataFolder, "tls", "server.key");

    /// <summary>PEM of the authority that issued it.</summary>
    public string Authority => Path.Combine(Process.DataFolder, "tls", "ca.pem");

    public string Repository => Path.Combine(Process.DataFolder, "repository");

    public static async Task<ServedRelay> StartAsync()
    {
        RelayProcess process = new("--open-artifacts", "--rate-limit", "1000000");
        await process.StartAsync();
        return new ServedRelay(process);
    }

    /// <summary>Writes rows whose classes follow from sums of columns, and a little noise.</summary>
    /// <returns>The name of the file.</returns>
    public string WriteRows(int rows)
    {
        string file = $"rows-{rows}.csv";
        Random random = new(1);
        using StreamWriter csv = new(Path.Combine(Process.DatasetsFolder, file));
        csv.WriteLine(string.Join(',', Enumerable.Range(0, Columns).Select(i => $"f{i}").Append("verdict")));
        for (int row = 0; row < rows; row++)
        {
            double[] values = [.. Enumerable.Range(0, Columns).Select(_ => random.NextDouble())];
            string verdict = (values[0] * values[1]) + (values[2] * values[3]) + (random.NextDouble() * 0.2) > 0.6 ? "attack" : "benign";
            csv.WriteLine(string.Join(',', values.Select(value => FormattableString.Invariant($"{value:F5}")).Append(verdict)));
        }

        return file;
    }

    /// <summary>Trains a version of the suite's model, and waits for it.</summary>
    public async Task<ModelVersion> TrainAsync(string file, int trees, int depth, CancellationToken cancellationToken)
    {
        ModelSpec spec = new()
        {
            Name = "bench",
            Task = ModelTask.Classification,
            Algorithm = ModelAlgorithm.RandomForest,
            Columns = [.. Enumerable.Range(0, Columns).Select(i => new ColumnSpec($"f{i}", ColumnType.Number)), new("verdict", ColumnType.Label)],
            Label = new LabelSpec { Benign = "benign" },
            Parameters = new ModelParameters { Trees = trees, Depth = depth, Seed = 7 },
        };
        using HttpResponseMessage put = await _admin.PutAsJsonAsync(
            $"{Routes.Models}/{spec.Name}", spec, ModelJson.Default.ModelSpec, cancellationToken);
        put.EnsureSuccessStatusCode();
        using HttpResponseMessage accepted = await _admin.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest(spec.Name, new TrainingDataSource { Train = file }) { Accept = TestRelay.AnyIncumbent },
            RelayApiJson.Default.TrainingRunRequest, cancellationToken);
        accepted.EnsureSuccessStatusCode();
        TrainingRun run = (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun, cancellationToken))!;
        run = await _admin.WaitForRunAsync(run.Id, found => found.IsFinished, cancellationToken);
        return new ModelVersion(spec.Name, run.Version ?? throw new InvalidOperationException($"Training {run.State}: {run.Problem}"));
    }

    public async Task PublishAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        using HttpResponseMessage released = await _admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [version], NewChannel = true }, RelayApiJson.Default.ReleaseRequest,
            cancellationToken);
        released.EnsureSuccessStatusCode();
    }

    /// <summary>The path of the published artifact below the repository, which has it under two digests.</summary>
    public string ArtifactPath() => Path.GetRelativePath(
        Repository, Directory.EnumerateFiles(Path.Combine(Repository, "targets"), "*.model.onnx", SearchOption.AllDirectories).Order().First());

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await Process.DisposeAsync();
    }
}
