using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>A sample, run by its own entry point as a node of a test's relay: only addresses, folders and budgets of its options are
/// replaced.</summary>
internal sealed class SampleHost : IAsyncDisposable, IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    // Other tests build hosts at the same time: only events of this sample's own main thread count.
    private static readonly AsyncLocal<SampleHost?> Current = new();

    private readonly TestRelay _relay;
    private readonly Action<RelaySyncOptions>? _configure;
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource<IHost> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _main = Task.CompletedTask;

    private SampleHost(TestRelay relay, Action<RelaySyncOptions>? configure) => (_relay, _configure) = (relay, configure);

    public HttpClient Client { get; private set; } = new();

    public SyncClient Node { get; private set; } = null!;

    public static async Task<SampleHost> StartAsync(
        TestRelay relay, string sample, string environment, Action<RelaySyncOptions>? configure = null)
    {
        SampleHost started = new(relay, configure);
        using (DiagnosticListener.AllListeners.Subscribe(started))
        {
            started._main = started.RunMain(sample, "--urls", "http://127.0.0.1:0", "--environment", environment);
            await Task.WhenAny(started._built.Task, started._main);
        }

        if (!started._built.Task.IsCompleted)
        {
            await started._main;
        }

        IHost host = await started._built.Task;
        TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(listening.SetResult);
        await await Task.WhenAny(listening.Task, started._main);
        started.Node = host.Services.GetRequiredService<SyncClient>();
        started.Client.BaseAddress = new(
            host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        (await _built.Task).Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _main;
        _folder.Dispose();
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting" && Current.Value == this)
        {
            value.Subscribe(this);
        }
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (Current.Value != this)
        {
            return;
        }

        if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
        {
            builder.ConfigureLogging(logging => logging.ClearProviders());
            builder.ConfigureServices(services => services.PostConfigure<RelaySyncOptions>(Configure));
        }
        else if (value is { Key: "HostBuilt", Value: IHost host })
        {
            _built.TrySetResult(host);
        }
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error)
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }

    private Task RunMain(string sample, params string[] arguments)
    {
        MethodInfo main = Assembly.Load(sample).EntryPoint!;
        Current.Value = this;
        Task running = Task.Factory.StartNew(
            () => main.Invoke(null, [arguments]), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Current.Value = null;
        return running;
    }

    private void Configure(RelaySyncOptions options)
    {
        options.Relay = _relay.Address;
        options.TlsRoot = _relay.CertificateAuthority;
        options.TrustedRoot = _relay.TrustedRoot;
        options.StoreFolder = _folder.Combine("store");
        options.NodeId = "sample";
        options.PollInterval = TimeSpan.FromHours(1);
        options.Budgets.Retries = 0;
        options.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
        _configure?.Invoke(options);
    }
}
