using Relay.Server.Cli;
using Relay.Server.Hosting;
using Relay.TestKit;
using Shared.Contracts.Api;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>A relay that is lost and restored from a backup, and the nodes that have seen what it signed since then.</summary>
public sealed class RestoredRelayTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestRelay _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _relay = await TestRelay.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Restore_ABackupOfTheRunningRelay_NodesFollowItBackAndOn()
    {
        ModelVersion first = await _relay.TrainSmallAsync();
        await _relay.PublishAsync("stable", first);
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open();
        Assert.True((await client.RefreshAsync(Cancel)).Activated);

        await RunAsync("backup", _folder.Combine("relay.tar.gz"), "--data", _relay.DataFolder);
        for (int trees = 5; trees < 8; trees++)
        {
            await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees));
        }

        await client.RefreshAsync(Cancel);
        Assert.Equal(4, client.Status.Release);

        await _relay.StopAsync();
        Directory.Move(_relay.DataFolder, _folder.Combine("lost"));
        await RunAsync("restore", _folder.Combine("relay.tar.gz"), "--data", _relay.DataFolder);
        await _relay.StartAgainAsync();
        RefreshResult back = await client.RefreshAsync(Cancel);
        Assert.True(client.Status.Release == 1, $"{back.Refusal}");

        // Its number was given before, to another release that the node knows.
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 9));
        RefreshResult on = await client.RefreshAsync(Cancel);
        Assert.True(client.Status.Release == 2, $"{on.Refusal}");
        Assert.Equal(2, client.Model(SmallModel.Name).Predict([95, 10], ["tcp"]).Version);
    }

    [Fact]
    public async Task Backup_WhileVersionsArePublished_IsOfOneMomentEachTime()
    {
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync());
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task publications = Task.Run(
            async () =>
            {
                for (int trees = 2; !stop.IsCancellationRequested; trees++)
                {
                    await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees % 40));
                }
            },
            Cancel);
        for (int i = 0; i < 5; i++)
        {
            string file = _folder.Combine($"{i}.tar");
            await RunAsync("backup", file, "--data", _relay.DataFolder);
            await RunAsync("restore", file, "--data", _folder.Combine($"{i}"));
        }

        await stop.CancelAsync();
        await publications;
        await _relay.StopAsync();

        // Each of them starts: nothing that the database refers to is missing, and the repository is not older than the database.
        for (int i = 0; i < 5; i++)
        {
            using RelayFolder started = await RelayFolder.OpenAsync(new RelayOptions { DataFolder = _folder.Combine($"{i}") }, Cancel);
            Assert.NotEmpty(started.Repository.Read().Releases);
        }
    }

    private static async Task RunAsync(params string[] arguments)
    {
        using StringWriter error = new();
        Assert.True(await CommandLine.RunAsync(RelayCommand.Create(), arguments, TextWriter.Null, error, Cancel) == 0, error.ToString());
    }
}
