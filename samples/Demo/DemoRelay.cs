using System.Globalization;
using Relay.Server.Cli;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Demo;

/// <summary>The relay of the demonstration: a process of its own, used over its HTTPS API.</summary>
internal sealed class DemoRelay(string dataFolder, string? datasetsFolder, int port) : IAsyncDisposable
{
    private const string KeyLine = "Admin key, shown only this once: ";
    private const string AddressLine = "Listening on ";
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private ChildProcess? _process;
    private RelayApi? _api;
    private string? _key;

    public Uri Address { get; private set; } = new($"https://localhost:{port}");

    public string CertificateAuthority => Path.Combine(dataFolder, "tls", "ca.pem");

    public string TrustedRoot => Path.Combine(dataFolder, "trust", "root.json");

    /// <summary>The token with which the nodes of the demonstration enroll: the relay makes it when it starts.</summary>
    public string EnrollmentTokenFile => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(dataFolder))!, "enroll-token");

    /// <summary>The admin key, which the relay showed at its first start.</summary>
    public string AdminKey => _key ?? throw new InvalidOperationException("the relay is not started");

    private RelayApi Api => _api ?? throw new InvalidOperationException("the relay is not started");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        List<string> arguments =
        [
            "serve", "--data", dataFolder, "--address", "127.0.0.1", "--port", Address.Port.ToString(CultureInfo.InvariantCulture),
            "--enroll-token-out", EnrollmentTokenFile,
        ];
        if (datasetsFolder is not null)
        {
            arguments.AddRange(["--datasets", datasetsFolder]);
        }

        _process = ChildProcess.Start(typeof(RelayApi).Assembly.Location, arguments);
        string address = await _process.WaitForLineAsync("the relay's address", line => After(AddressLine, line), cancellationToken);
        Address = new UriBuilder(address) { Host = "localhost" }.Uri;
        _key ??= _process.Output.Select(line => After(KeyLine, line)).FirstOrDefault(key => key is not null)
            ?? throw new DemoException($"'{dataFolder}' belongs to an earlier relay, whose admin key is not known");
        _api = RelayApi.Connect(Address, CertificateAuthority, _key);
    }

    /// <summary>Kills the process, as a power cut would.</summary>
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

    public Task PutSpecAsync(DemoModel model, ModelSpec spec, CancellationToken cancellationToken) =>
        Api.PutSpecAsync(spec.Name, model.ToJson(spec), cancellationToken);

    /// <summary>Trains one version to its end.</summary>
    /// <exception cref="DemoException">The run failed.</exception>
    public async Task<VersionDetail> TrainAsync(
        string model, TrainingDataSource data, Action<TrainingRun> progress, CancellationToken cancellationToken)
    {
        TrainingRun run = await Api.PostAsync(
            Routes.TrainingRuns, new TrainingRunRequest(model, data), RelayApiJson.Default.TrainingRunRequest,
            RelayApiJson.Default.TrainingRun, cancellationToken);
        while (!run.IsFinished)
        {
            await Task.Delay(PollInterval, cancellationToken);
            run = await Api.GetAsync($"{Routes.TrainingRuns}/{run.Id}", RelayApiJson.Default.TrainingRun, cancellationToken);
            progress(run);
        }

        return run.Version is { } version
            ? await VersionAsync(model, version, cancellationToken)
            : throw new DemoException($"training {run.State}: {run.Problem?.Detail}");
    }

    public Task<VersionDetail> VersionAsync(string model, int version, CancellationToken cancellationToken) =>
        Api.GetAsync($"{Routes.Models}/{model}/versions/{version}", RelayApiJson.Default.VersionDetail, cancellationToken);

    /// <summary>Publishes a version to a channel, as a new release.</summary>
    public Task<ChannelView> PublishAsync(string channel, string model, int version, CancellationToken cancellationToken) =>
        PostReleaseAsync(channel, new ReleaseRequest { Models = [new ModelVersion(model, version)], NewChannel = true }, cancellationToken);

    /// <summary>Points a channel back at a release that its nodes already had.</summary>
    public Task<ChannelView> RollBackAsync(string channel, int release, CancellationToken cancellationToken) =>
        PostReleaseAsync(channel, new ReleaseRequest { Release = release }, cancellationToken);

    public Task<RolloutView> StartRolloutAsync(RolloutRequest request, CancellationToken cancellationToken) => Api.PostAsync(
        Routes.Rollouts, request, RelayApiJson.Default.RolloutRequest, RelayApiJson.Default.RolloutView, cancellationToken);

    public Task<RolloutView> RolloutAsync(long id, CancellationToken cancellationToken) =>
        Api.GetAsync(Routes.RolloutOf(id), RelayApiJson.Default.RolloutView, cancellationToken);

    public async Task<IReadOnlyList<RolloutEventView>> RolloutHistoryAsync(long id, CancellationToken cancellationToken) =>
        (await Api.GetAsync($"{Routes.RolloutOf(id)}/history", RelayApiJson.Default.PageRolloutEventView, cancellationToken)).Items;

    /// <summary>What the nodes reported last.</summary>
    public async Task<CheckIn?> LastCheckInAsync(string node, CancellationToken cancellationToken) =>
        (await Api.GetAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, cancellationToken)).Items.FirstOrDefault(n => n.Id == node)?.CheckIn;

    public async ValueTask DisposeAsync() => await KillAsync();

    private Task<ChannelView> PostReleaseAsync(string channel, ReleaseRequest request, CancellationToken cancellationToken) => Api.PostAsync(
        Routes.ReleaseOf(channel), request, RelayApiJson.Default.ReleaseRequest, RelayApiJson.Default.ChannelView, cancellationToken);

    private static string? After(string start, string line) => line.StartsWith(start, StringComparison.Ordinal) ? line[start.Length..].Trim() : null;
}
