using System.Globalization;
using Relay.Server.Cli;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Demo;

/// <summary>The relay of the demonstration: a process of its own, spoken to over its HTTPS interface like any other.</summary>
internal sealed class DemoRelay(string dataFolder, string? datasetsFolder, int port) : IAsyncDisposable
{
    private const string KeyLine = "Admin key, shown only this once: ";
    private const string AddressLine = "Listening on ";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private ChildProcess? _process;
    private RelayApi? _api;
    private string? _key;

    public Uri Address { get; private set; } = new($"https://localhost:{port}");

    public string CertificateAuthority => Path.Combine(dataFolder, "tls", "ca.pem");

    public string TrustedRoot => Path.Combine(dataFolder, "trust", "root.json");

    private RelayApi Api => _api ?? throw new InvalidOperationException("the relay is not started");

    public async Task StartAsync(CancellationToken cancel)
    {
        List<string> arguments =
        [
            "serve", "--data", dataFolder, "--address", "127.0.0.1", "--port", Address.Port.ToString(CultureInfo.InvariantCulture),
        ];
        if (datasetsFolder is not null)
        {
            arguments.AddRange(["--datasets", datasetsFolder]);
        }

        _process = ChildProcess.Start(typeof(RelayApi).Assembly.Location, arguments);
        string address = await _process.ListenForAsync("the relay's address", line => After(AddressLine, line), cancel);
        Address = new UriBuilder(address) { Host = "localhost" }.Uri;
        _key ??= _process.Output.Select(line => After(KeyLine, line)).FirstOrDefault(key => key is not null)
            ?? throw new DemoException($"'{dataFolder}' belongs to a relay that ran before; name another folder");
        _api = RelayApi.Connect(Address, CertificateAuthority, _key);
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _api?.Dispose();
        _api = null;
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    public Task PutSpecAsync(DemoModel model, ModelSpec spec, CancellationToken cancel) =>
        Api.PutSpecAsync(spec.Name, model.ToJson(spec), cancel);

    /// <summary>Trains one version to its end.</summary>
    /// <exception cref="DemoException">The run failed.</exception>
    public async Task<VersionDetail> TrainAsync(
        string model, TrainingDataSource data, Action<TrainingRun> progress, CancellationToken cancel)
    {
        TrainingRun run = await Api.PostAsync(
            Routes.TrainingRuns, new TrainingRunRequest(model, data), RelayApiJson.Default.TrainingRunRequest,
            RelayApiJson.Default.TrainingRun, cancel);
        while (!run.IsFinished)
        {
            await Task.Delay(Poll, cancel);
            run = await Api.GetAsync($"{Routes.TrainingRuns}/{run.Id}", RelayApiJson.Default.TrainingRun, cancel);
            progress(run);
        }

        return run.Version is { } version
            ? await VersionAsync(model, version, cancel)
            : throw new DemoException($"training {run.State}: {run.Problem?.Detail}");
    }

    public Task<VersionDetail> VersionAsync(string model, int version, CancellationToken cancel) =>
        Api.GetAsync($"{Routes.Models}/{model}/versions/{version}", RelayApiJson.Default.VersionDetail, cancel);

    /// <summary>Publishes a version to the stable channel, as a new release.</summary>
    public Task<ChannelView> PublishAsync(string model, int version, CancellationToken cancel) =>
        PostReleaseAsync(new ReleaseRequest { Models = [new ModelVersion(model, version)] }, cancel);

    /// <summary>Points the stable channel back at a release that nodes already had.</summary>
    public Task<ChannelView> RollBackAsync(int release, CancellationToken cancel) =>
        PostReleaseAsync(new ReleaseRequest { Release = release }, cancel);

    /// <summary>What the nodes reported last.</summary>
    public async Task<CheckIn?> LastCheckInAsync(string node, CancellationToken cancel) =>
        (await Api.GetAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, cancel)).Items.FirstOrDefault(n => n.Id == node)?.CheckIn;

    public async ValueTask DisposeAsync() => await KillAsync();

    private Task<ChannelView> PostReleaseAsync(ReleaseRequest request, CancellationToken cancel) => Api.PostAsync(
        Routes.ReleaseOf("stable"), request, RelayApiJson.Default.ReleaseRequest, RelayApiJson.Default.ChannelView, cancel);

    private static string? After(string start, string line) => line.StartsWith(start, StringComparison.Ordinal) ? line[start.Length..].Trim() : null;
}
