using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Relay.TestKit;
using Relay.TestKit.Models;

namespace Sync.Client.Tests.Hosting;

public sealed class SeveralRelaysTests : IAsyncLifetime
{
    private NodeFixture _first = null!;
    private NodeFixture _second = null!;

    public async ValueTask InitializeAsync() => (_first, _second) = (await NodeFixture.StartAsync(), await NodeFixture.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task AddRelaySync_TwoRelaysWithOneModelName_AnswerEachByItsOwn()
    {
        TestModel[] models = [TestModel.Create(), TestModel.Create(version: 2)];
        await _first.PublishAsync(models[0]);
        await _second.PublishAsync(models[1]);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<TimeProvider>(_first.Clock);
        builder.Services.AddRelaySync(o => CopyTo(o, _first.Options));
        builder.Services.AddRelaySync("eu", o => CopyTo(o, _second.Options));
        using IHost host = builder.Build();

        await host.StartAsync();
        SyncClient eu = host.Services.GetRequiredKeyedService<SyncClient>("eu");
        await host.Services.GetRequiredService<SyncClient>().WaitUntilReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await eu.WaitUntilReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));

        IRelayModel ofEu = host.Services.GetRequiredKeyedService<IRelayModel>("eu/threat-classifier");
        Assert.Same(eu.Model("threat-classifier"), ofEu);
        Assert.Equal(2, ofEu.Predict(models[1].NumbersOf(0)).Version);
        Assert.Equal(1, host.Services.GetRequiredService<SyncClient>().Models.Single().Predict(models[0].NumbersOf(0)).Version);
        Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredKeyedService<IRelayModel>("threat-classifier"));
        Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IRelayModel>());
        Assert.Throws<ArgumentException>(() => host.Services.GetRequiredKeyedService<IRelayModel>("us/threat-classifier"));
        Assert.Same(eu.Samples, host.Services.GetRequiredKeyedService<IRelaySamples>("eu"));
        await host.StopAsync();
    }

    [Fact]
    public void AddRelaySync_NamedRelay_HasAStoreOfItsOwnAndNamesItsErrors()
    {
        ServiceCollection services = new();
        string? store = null;
        services.AddLogging().AddRelaySync("eu", o => o.Models.Add("threat-classifier"))
            .PostConfigure<RelaySyncOptions>("eu", o => store = o.StoreFolder);
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException invalid = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<SyncClient>("eu"));

        Assert.All(invalid.Failures, failure => Assert.StartsWith("Relay 'eu': ", failure, StringComparison.Ordinal));
        Assert.Equal("relay-store-eu", store);
    }

    [Fact]
    public void AddRelaySync_Twice_IsAnError()
    {
        ServiceCollection services = new();
        services.AddRelaySync(_ => { }).AddRelaySync("eu", _ => { });

        Assert.Contains("a name", Assert.Throws<InvalidOperationException>(() => services.AddRelaySync(_ => { })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "'eu'", Assert.Throws<InvalidOperationException>(() => services.AddRelaySync("eu", _ => { })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => services.AddRelaySync("../up", _ => { }));
    }

    private static void CopyTo(RelaySyncOptions options, RelaySyncOptions from)
    {
        (options.Relay, options.TlsRoot, options.TrustedRoot) = (from.Relay, from.TlsRoot, from.TrustedRoot);
        (options.StoreFolder, options.NodeId) = (from.StoreFolder, "node-1");
        options.Models.Add("threat-classifier");
    }
}
