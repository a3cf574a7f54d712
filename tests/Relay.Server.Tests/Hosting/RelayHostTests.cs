using System.Net;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Hosting;

public sealed class RelayHostTests(PublishedRelay fixture)
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_RunningRelay_IsOk(string path)
    {
        using HttpResponseMessage response = await fixture.Relay.Anonymous.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Ready_RepositoryGone_IsNotReadyAndStillLive()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        Directory.Delete(Path.Combine(relay.DataFolder, "repository"), recursive: true);

        using HttpResponseMessage ready = await relay.Anonymous.GetAsync("/health/ready");
        using HttpResponseMessage live = await relay.Anonymous.GetAsync("/health/live");

        Assert.Equal("not-ready", await ready.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task Build_FolderInUse_IsRefused() => await Assert.ThrowsAsync<RelayStartException>(
        () => RelayHost.BuildAsync(new RelayOptions { DataFolder = fixture.Relay.DataFolder, Port = 0 }, CancellationToken.None));

    [Fact]
    public async Task Build_DatabaseOfANewerRelay_IsRefused()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { Server = null });
        await relay.StopAsync();
        using (SqliteConnection connection = new($"Data Source={Path.Combine(relay.DataFolder, "relay.db")};Pooling=False"))
        {
            connection.Execute("PRAGMA user_version = 999");
        }

        await Assert.ThrowsAsync<RelayStartException>(relay.StartAgainAsync);
    }

    [Fact]
    public async Task Build_DatabaseDamaged_IsRefused()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { Server = null });
        await relay.StopAsync();
        foreach (string file in Directory.EnumerateFiles(relay.DataFolder, "relay.db*"))
        {
            File.Delete(file);
        }

        File.WriteAllText(Path.Combine(relay.DataFolder, "relay.db"), new string('x', 10_000));

        await Assert.ThrowsAsync<RelayStartException>(relay.StartAgainAsync);
    }
}
