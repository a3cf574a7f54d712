using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Hosting;

/// <summary>A running relay after <c>--start-anew</c>.</summary>
public sealed class NewBeginningTests
{
    [Fact]
    public async Task Train_AfterTheLossOfTheDatabase_GivesNoPublishedVersionAgain()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, TestSql.OfSqlite);
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync());
        string lostKey = relay.AdminKey;
        await relay.StopAsync();
        File.Delete(Path.Combine(relay.DataFolder, "relay.db"));
        await Assert.ThrowsAsync<RelayStartException>(relay.StartAgainAsync);

        await relay.RestartAsync(options => options with { StartAnew = true });
        ModelVersion next = await relay.TrainSmallAsync(trees: 6);
        ChannelView channel = await relay.PublishAsync("stable", next);

        Assert.NotEqual(lostKey, relay.AdminKey);
        Assert.Equal(2, next.Version);
        Assert.Equal(2, channel.Release);
    }

    [Fact]
    public async Task Start_TlsAuthorityLost_IsRefusedAndTheNewOneIsRemembered()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        string pinned = await File.ReadAllTextAsync(relay.CertificateAuthority);
        await relay.StopAsync();
        File.Delete(Path.Combine(relay.DataFolder, "tls", "ca.key"));
        await Assert.ThrowsAsync<RelayStartException>(relay.StartAgainAsync);
        Assert.Equal(pinned, await File.ReadAllTextAsync(relay.CertificateAuthority));

        await relay.RestartAsync(options => options with { StartAnew = true });
        (await relay.Anonymous.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        await relay.StopAsync();
        Directory.Delete(Path.Combine(relay.DataFolder, "tls"), recursive: true);

        await Assert.ThrowsAsync<RelayStartException>(relay.StartAgainAsync);
    }

    [Fact]
    public async Task Start_TlsAuthorityLostAndACertificateGiven_Starts()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { Server = null });
        await relay.StopAsync();
        File.Delete(Path.Combine(relay.DataFolder, "tls", "ca.key"));

        using RelayFolder folder = await RelayFolder.OpenAsync(
            new RelayOptions { DataFolder = relay.DataFolder, Tls = new() { CertificateFile = "given.pem" } }, CancellationToken.None);

        Assert.NotNull(folder.Repository.Read());
    }
}
