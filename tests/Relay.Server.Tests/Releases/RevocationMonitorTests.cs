using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Server.Models;
using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Publishing;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Releases;

public sealed class RevocationMonitorTests
{
    private const string Reason = "learned from poisoned rows";

    [Fact]
    public async Task Monitor_RevokedVersionThatAChannelRuns_IsLoggedOnceWithItsReasonAndWhenItEnds()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion first = await relay.TrainSmallAsync(trees: 2);
        await relay.PublishAsync("stable", first);
        RevocationStore store = relay.Services.GetRequiredService<RevocationStore>();
        TestLogger<RevocationMonitor> log = new();
        using RevocationMonitor monitor = new(relay.Services.GetRequiredService<RepositoryCache>(), store,
            relay.Services.GetRequiredService<ApprovalService>(), TimeProvider.System, log);
        StoredVersion stored = relay.Services.GetRequiredService<VersionStore>().Find(first.Name, first.Version)!;

        monitor.Check();
        Assert.Empty(log.Entries);
        store.Add(stored.Card, Reason);
        await relay.Services.GetRequiredService<PolicyPublisher>().RevokeAsync([stored.Card.Sha256], CancellationToken.None);
        monitor.Check();
        monitor.Check();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 3));
        monitor.Check();

        TestLogEntry[] entries = [.. log.Entries];
        Assert.Equal([LogLevel.Warning, LogLevel.Warning, LogLevel.Information], entries.Select(entry => entry.Level));
        Assert.Contains(Reason, entries[0].Message, StringComparison.Ordinal);
        Assert.Contains("Channel stable runs small 1, which is revoked", entries[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_RowThatCannotBeRead_IsLoggedAndTheMonitorGoesOn()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, TestSql.OfSqlite);
        await using TestRelay relay = await TestRelay.StartAsync();
        using (DbConnection connection = relay.Services.GetRequiredService<RelayDatabase>().Open())
        {
            connection.Execute("INSERT INTO revocations (sha256, model, version, requested_at) VALUES ('a', 'small', 'no number', 0)");
        }

        TestLogger<RevocationMonitor> log = new();
        using RevocationMonitor monitor = new(
            relay.Services.GetRequiredService<RepositoryCache>(), relay.Services.GetRequiredService<RevocationStore>(),
            relay.Services.GetRequiredService<ApprovalService>(), TimeProvider.System, log);
        await monitor.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => log.Entries.Count > 0 || monitor.ExecuteTask!.IsCompleted, "the monitor has looked");

        Assert.False(monitor.ExecuteTask!.IsCompleted);
        Assert.Equal(1313, Assert.Single(log.Entries).EventId);
        await monitor.StopAsync(CancellationToken.None);
    }
}
