using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts;

namespace Sync.Client.Tests;

public sealed class RelaySyncServicesTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NodeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task AddRelaySync_HostStarts_ModelAnswersByNameAndAlone()
    {
        TestModel model = TestModel.Create();
        await _fixture.PublishAsync(model);
        using IHost host = Build(_ => { });
        TaskCompletionSource active = new();
        host.Services.GetRequiredService<SyncClient>().ModelChanged += (_, _) => active.TrySetResult();

        await host.StartAsync();
        await active.Task.WaitAsync(TimeSpan.FromSeconds(30));

        IRelayModel byName = host.Services.GetRequiredKeyedService<IRelayModel>("threat-classifier");
        Assert.Same(byName, host.Services.GetRequiredService<IRelayModel>());
        Assert.Equal(1, byName.Predict(model.NumbersOf(0)).Version);
        Assert.Throws<ArgumentException>(() => host.Services.GetRequiredKeyedService<IRelayModel>("unknown"));
        await host.StopAsync();
    }

    [Fact]
    public void AddRelaySync_SeveralModels_NeedAName()
    {
        using IHost host = Build(o => o.Models.Add("second"));

        Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IRelayModel>());
        Assert.Equal("second", host.Services.GetRequiredKeyedService<IRelayModel>("second").Name);
    }

    public static TheoryData<string, Action<RelaySyncOptions>> WrongOptions => new()
    {
        { "relay", o => o.Relay = null },
        { "http", o => o.Relay = new("http://relay:60002") },
        { "mirror", o => o.Mirrors.Add(new("http://mirror")) },
        { "mirror address", o => o.Mirrors.Add(new("/relative", UriKind.Relative)) },
        { "mirror tls", o => o.MirrorTlsRoot = "/no/such/tls.pem" },
        { "redirect host", o => o.RedirectHosts.Add("https://s3.example.com") },
        { "redirect host's path", o => o.RedirectHosts.Add("s3.example.com/models") },
        { "air-gapped with a relay", o => o.AirGapped = true },
        { "root", o => o.TrustedRoot = "/no/such/root.json" },
        { "tls", o => o.TlsRoot = "/no/such/tls.pem" },
        { "models", o => o.Models.Clear() },
        { "model name", o => o.Models.Add("../up") },
        { "twice", o => o.Models.Add("threat-classifier") },
        { "channel", o => o.Channel = "" },
        { "node", o => o.NodeId = "a b" },
        { "store", o => o.StoreFolder = " " },
        { "ONNX Runtime without its package", o => o.Scorer = ScorerChoice.OnnxRuntime },
        { "interval", o => o.PollInterval = TimeSpan.Zero },
        { "token", o => o.EnrollmentToken = "secret" },
        { "token file", o => o.EnrollmentTokenFile = " " },
        { "two tokens", o => (o.EnrollmentToken, o.EnrollmentTokenFile) = ("relay_enroll_0123456789", "token") },
        { "token without a relay", o => (o.Relay, o.AirGapped, o.EnrollmentTokenFile) = (null, true, "token") },
        { "window", o => o.MaintenanceWindow = "Mon 25:00-26:00" },
        { "window's time zone", o => o.MaintenanceWindow = "22:00-04:00 Europe/Atlantis" },
        { "budget", o => o.Budgets.MinimumBytesPerSecond = 0 },
    };

    [Theory]
    [MemberData(nameof(WrongOptions), DisableDiscoveryEnumeration = true)]
    public async Task AddRelaySync_OptionThatIsWrong_FailsAtStart(string which, Action<RelaySyncOptions> spoil)
    {
        using IHost host = Build(spoil);

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.True(refused.Failures.Count() == 1, which);
    }

    [Fact]
    public async Task AddRelaySync_AirGapped_RestoresAndAsksNobody()
    {
        await _fixture.PublishAsync(TestModel.Create());
        await _fixture.Honest.ExportBundleAsync(_fixture.Combine("bundle"));
        using (SyncClient carried = _fixture.OpenNode())
        {
            await carried.ImportAsync(_fixture.Combine("bundle"));
        }

        using IHost host = Build(o => (o.Relay, o.AirGapped) = (null, true));
        await host.StartAsync();
        Assert.Equal(1, host.Services.GetRequiredService<IRelayModel>().Active.Version);
        await host.StopAsync();

        Assert.Empty(_fixture.Server.Requests);
    }

    [Fact]
    public async Task AddRelaySync_MirrorsWithoutARelay_Starts()
    {
        await using MirrorFixture mirror = await MirrorFixture.StartAsync(_fixture);
        await _fixture.PublishAsync(TestModel.Create());
        using IHost host = Build(o =>
        {
            o.Relay = null;
            o.Mirrors.Add(mirror.Server.Address);
            o.MirrorTlsRoot = _fixture.Options.MirrorTlsRoot;
        });
        TaskCompletionSource active = new();
        host.Services.GetRequiredService<SyncClient>().ModelChanged += (_, _) => active.TrySetResult();

        await host.StartAsync();
        await active.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await host.StopAsync();
    }

    [Theory]
    [InlineData("store", nameof(RefusalReason.StoreUnavailable))]
    [InlineData("root", nameof(RefusalReason.TrustedRootInvalid))]
    [InlineData("tls", nameof(RefusalReason.TransportUnavailable))]
    [InlineData("steering", nameof(RefusalReason.StoreUnavailable))]
    [InlineData("in use", nameof(RefusalReason.StoreInUse))]
    public async Task AddRelaySync_FaultOfTheMachineAtTheStart_HostRunsOnAndTheNodeMends(string fault, string reason)
    {
        await _fixture.PublishAsync(TestModel.Create());
        string store = _fixture.Options.StoreFolder;
        byte[] root = await File.ReadAllBytesAsync(_fixture.Options.TrustedRoot);
        byte[] tls = await File.ReadAllBytesAsync(_fixture.Options.TlsRoot!);
        SyncClient? other = null;
        switch (fault)
        {
            case "store": await File.WriteAllTextAsync(store, ""); break;
            case "root": await File.WriteAllTextAsync(_fixture.Options.TrustedRoot, "{}"); break;
            case "tls":
                await File.WriteAllTextAsync(_fixture.Options.TlsRoot!,
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"); break;
            case "steering": Directory.CreateDirectory(Path.Combine(store, "steering.json")); break;
            default: other = _fixture.OpenNode(); break;
        }

        using IHost host = Build(o => o.PollInterval = TimeSpan.FromSeconds(0.1));
        await host.StartAsync();
        SyncClient node = host.Services.GetRequiredService<SyncClient>();
        await Eventually.TrueAsync(
            () => node.Status.CurrentRefusals.Any(r => r.Reason == reason),
            $"the status has {reason}: {string.Join(", ", node.Status.RecentRefusals)}");
        bool runs = !host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;
        switch (fault)
        {
            case "store": File.Delete(store); break;
            case "root": await File.WriteAllBytesAsync(_fixture.Options.TrustedRoot, root); break;
            case "tls": await File.WriteAllBytesAsync(_fixture.Options.TlsRoot!, tls); break;
            case "steering": Directory.Delete(Path.Combine(store, "steering.json")); break;
            default: other!.Dispose(); break;
        }

        await Eventually.TrueAsync(
            () => node.Models.Single().IsReady && node.Status.CurrentRefusals.Count == 0, "the node has mended");
        Assert.True(runs);
        await host.StopAsync();
    }

    private IHost Build(Action<RelaySyncOptions> change)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<TimeProvider>(_fixture.Clock);
        builder.Services.AddRelaySync(o =>
        {
            o.Relay = _fixture.Options.Relay;
            o.TlsRoot = _fixture.Options.TlsRoot;
            o.TrustedRoot = _fixture.Options.TrustedRoot;
            o.StoreFolder = _fixture.Options.StoreFolder;
            o.NodeId = "node-1";
            o.Models.Add("threat-classifier");
            change(o);
        });
        return builder.Build();
    }
}
