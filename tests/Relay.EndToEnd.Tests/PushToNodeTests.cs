using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relay.TestKit;
using Shared.Contracts.Api;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>Nodes that poll once an hour: what they learn within a test, the relay's event stream told them.</summary>
public sealed class PushToNodeTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IHost> _hosts = [];
    private TestRelay _relay = null!;
    private ModelVersion _first = null!;
    private ModelVersion _second = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _first = await _relay.TrainSmallAsync(trees: 3, Cancel);
        _second = await _relay.TrainSmallAsync(trees: 6, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IHost host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Publish_ToSeveralChannels_EachNodeRunsItsOwnWithoutAPoll()
    {
        await _relay.PublishAsync("stable", _first);
        await _relay.PublishAsync("beta", _first);
        SyncClient stable = await StartAsync("stable");
        SyncClient beta = await StartAsync("beta");

        await _relay.PublishAsync("beta", _second);
        await ActiveAsync(beta, 2);
        int untouched = stable.Status.Models.Single().Version;
        await _relay.PublishAsync("stable", _second);
        await ActiveAsync(stable, 2);

        Assert.Equal(1, untouched);
    }

    [Fact]
    public async Task Publish_AfterARestartOfTheRelay_ReachesTheNodeWithoutAPoll()
    {
        await _relay.PublishAsync("stable", _first);
        SyncClient node = await StartAsync("stable");

        await _relay.RestartAsync();
        await _relay.PublishAsync("stable", _second);

        await ActiveAsync(node, 2);
    }

    [Fact]
    public async Task Publish_WhileTheNodeHasNoStream_IsHintedWhenItHasOneAgain()
    {
        await _relay.PublishAsync("stable", _first);
        SyncClient node = await StartAsync("stable");
        await _relay.StopAsync();
        await Eventually.TrueAsync(() => !node.Status.HasEventStream, "the stream has ended");

        await _relay.StartAgainAsync();
        await _relay.PublishAsync("stable", _second);

        await ActiveAsync(node, 2);
    }

    [Fact]
    public async Task Publish_OnARelayThatIsOpenToNoStranger_ReachesTheEnrolledNodeByItsSignedStream()
    {
        await _relay.RestartAsync(options => options with
        {
            DataFolder = _relay.DataFolder,
            Address = System.Net.IPAddress.Loopback,
            Port = _relay.Address.Port,
            OpenArtifacts = false,
            OpenCheckIns = false,
        });
        await _relay.PublishAsync("stable", _first);
        SyncClient node = await StartAsync("stable", await _relay.CreateEnrollmentTokenAsync());
        using HttpResponseMessage stranger = await _relay.Anonymous.GetAsync(Routes.Events, HttpCompletionOption.ResponseHeadersRead, Cancel);

        await _relay.PublishAsync("stable", _second);

        await ActiveAsync(node, 2);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    private async Task<SyncClient> StartAsync(string channel, string? enrollmentToken = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRelaySync(o =>
        {
            o.Relay = _relay.Address;
            o.TlsRoot = _relay.CertificateAuthority;
            o.TrustedRoot = _relay.TrustedRoot;
            o.StoreFolder = _folder.Combine(channel);
            o.NodeId = channel;
            o.Channel = channel;
            o.EnrollmentToken = enrollmentToken;
            o.PollInterval = TimeSpan.FromHours(1);
            o.Models.Add(SmallModel.Name);
            o.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
        });
        IHost host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(Cancel);
        SyncClient node = host.Services.GetRequiredService<SyncClient>();
        await ActiveAsync(node, 1);
        await Eventually.TrueAsync(() => node.Status.HasEventStream, "the stream is open");
        return node;
    }

    private static Task ActiveAsync(SyncClient node, int version) => Eventually.TrueAsync(
        () => node.Status.Models is [{ } model] && model.Version == version,
        $"version {version} is active on {node.Status.Node}: {string.Join(", ", node.Status.CurrentRefusals)}");
}
