using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relay.TestKit;
using Relay.TestKit.Models;
using Sync.Client.Hosting;

namespace Sync.Client.Tests.Hosting;

public sealed class ConfigurationTests : IAsyncLifetime
{
    private readonly TestLoggerProvider _log = new();
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NodeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task AddRelaySync_SectionOfTheConfiguration_SetsEveryKindOfOption()
    {
        await _fixture.PublishAsync(TestModel.Create());
        using IHost host = Build(
            ("PollInterval", "00:00:07"), ("Push", "false"), ("Scorer", "Managed"), ("Budgets:Retries", "3"), ("Budgets:TryOutLatency", "00:00:05"),
            ("Mirrors:0", "https://cdn.example/relay"), ("Require:0", "parity"), ("Samples:Fraction", "0.5"), ("Shadow:Calls", "12"),
            ("Proxy", "http://127.0.0.1:9"));

        RelaySyncOptions options = host.Services.GetRequiredService<SyncClient>().Options;

        Assert.Equal((TimeSpan.FromSeconds(7), false, ScorerChoice.Managed), (options.PollInterval, options.Push, options.Scorer));
        Assert.Equal((3, TimeSpan.FromSeconds(5)), (options.Budgets.Retries, options.Budgets.TryOutLatency));
        Assert.Equal("https://cdn.example/relay", Assert.Single(options.Mirrors).ToString());
        Assert.Equal((0.5, 12), (options.Samples!.Fraction, options.Shadow!.Calls));
        Assert.Equal(["parity"], options.Require);
        Assert.Equal(new Uri("http://127.0.0.1:9"), options.Proxy);
    }

    [Theory]
    [InlineData("PolInterval", "00:00:07", "PolInterval")]
    [InlineData("Budgets:Retry", "1", "Retry")]
    [InlineData("PollInterval", "soon", "PollInterval")]
    [InlineData("PollInterval", "00:00:00", "PollInterval")]
    public async Task AddRelaySync_KeyOrValueThatIsWrong_FailsAtStartAndNamesIt(string key, string value, string named)
    {
        using IHost host = Build((key, value));

        Exception invalid = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());

        Assert.Contains(named, invalid.ToString(), StringComparison.Ordinal);
        Assert.True(invalid is OptionsValidationException or InvalidOperationException, invalid.GetType().Name);
    }

    /// <summary>What is not in the list would be refused as a key, and a change of it would be lost without a word.</summary>
    [Fact]
    public void Names_OfAConfiguration_AreAllOptionsButCode() => Assert.Equal(
        typeof(RelaySyncOptions).GetProperties().Where(option => !typeof(Delegate).IsAssignableFrom(option.PropertyType))
            .Select(option => option.Name).Order(StringComparer.Ordinal),
        OptionsDifference.Names.Order(StringComparer.Ordinal));

    [Fact]
    public void AddRelaySync_SectionThatIsNotThere_IsNamed()
    {
        ServiceCollection services = new();
        services.AddLogging().AddRelaySync(new ConfigurationBuilder().Build().GetSection("Rellay"));
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException invalid = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<SyncClient>());

        Assert.Contains("no section 'Rellay'", Assert.Single(invalid.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_WhileTheNodeRuns_AppliesWhatItCanAndKeepsWhatIsValid()
    {
        await _fixture.PublishAsync(TestModel.Create());
        using IHost host = Build(("PollInterval", "01:00:00"));
        await host.StartAsync();
        SyncClient node = host.Services.GetRequiredService<SyncClient>();
        await node.WaitUntilReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));
        IConfigurationRoot configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        await _fixture.PublishAsync(TestModel.Create(version: 2));

        // The next update is due in an hour; the change starts one.
        configuration["Relay:PollInterval"] = "00:30:00";
        configuration["Relay:Channel"] = "canary";
        configuration.Reload();
        await Eventually.TrueAsync(() => node.Models.Single().Active.Version == 2, "the change starts an update");
        Assert.Equal((TimeSpan.FromMinutes(30), "stable"), (node.Options.PollInterval, node.Options.Channel));
        Assert.Contains(_log.Entries, entry => entry.Level == LogLevel.Warning && entry.Message.Contains("Channel", StringComparison.Ordinal));

        configuration["Relay:PollInterval"] = "00:00:00";
        Record.Exception(configuration.Reload);
        await Eventually.TrueAsync(() => _log.Entries.Any(entry => entry.Level == LogLevel.Error), "the log names the option");
        Assert.Equal(TimeSpan.FromMinutes(30), node.Options.PollInterval);
        Assert.True(node.Models.Single().IsReady);
        await host.StopAsync();
    }

    private IHost Build(params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        Dictionary<string, string?> values = new()
        {
            ["Relay:Relay"] = _fixture.Options.Relay!.ToString(),
            ["Relay:TlsRoot"] = _fixture.Options.TlsRoot,
            ["Relay:TrustedRoot"] = _fixture.Options.TrustedRoot,
            ["Relay:StoreFolder"] = _fixture.Options.StoreFolder,
            ["Relay:NodeId"] = "node-1",
            ["Relay:Models:0"] = "threat-classifier",
        };
        foreach ((string key, string value) in settings)
        {
            values[$"Relay:{key}"] = value;
        }

        builder.Configuration.AddInMemoryCollection(values);
        builder.Logging.AddProvider(_log);
        builder.Services.AddSingleton<TimeProvider>(_fixture.Clock);
        builder.Services.AddRelaySync(builder.Configuration.GetSection("Relay"));
        return builder.Build();
    }
}
