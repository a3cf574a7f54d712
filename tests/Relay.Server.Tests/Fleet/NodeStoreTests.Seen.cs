using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Usage;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet;

// Nodes that have not reported for an hour.
public sealed partial class NodeStoreTests
{
    [Fact]
    public async Task CountSilent_BannedNodes_AreLeftOutUntilTheirBanEnds()
    {
        foreach (string node in (string[])["banned", "other"])
        {
            CheckInSignature signature = await EnrollAsync(node);
            await _store.StoreAsync(Reports.Valid(node) with { Sequence = 1 }, signature);
        }

        List<long> silent = [CountSilent()];
        _clock.Advance(TimeSpan.FromHours(2));
        silent.Add(CountSilent());
        foreach (bool isBanned in (bool[])[true, true, false, true])
        {
            await _store.BanAsync("banned", isBanned);
            silent.Add(CountSilent());
        }

        await _store.RemoveAsync("banned");
        silent.Add(CountSilent());
        await _store.RemoveAsync("other");
        silent.Add(CountSilent());

        Assert.Equal([0, 2, 1, 1, 2, 1, 1, 0], silent);
    }

    [Fact]
    public void Migration_BannedNodesOfBefore_AreNotSilent()
    {
        using SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        SchemaMigrations.Apply(connection, last: 16);
        connection.Execute(
            """
            INSERT INTO enrollment_tokens (id, name, hash, created_at, expires_at, uses) VALUES (1, 'test', zeroblob(32), 0, 0, 10);
            INSERT INTO node_keys (node, public_key, identity, enrolled_at, token, banned_at) VALUES ('a', x'00', 'a', 0, 1, 5);
            INSERT INTO nodes (id, check_in, seen_at) VALUES ('a', '{}', 0), ('b', '{}', 0);
            """);

        SchemaMigrations.Apply(connection);

        using DbTransaction transaction = RelayDatabase.BeginRead(connection);
        Assert.Equal(1, new FleetCounts(connection, transaction).CountSilent(_clock.GetUtcNow()));
    }

    private long CountSilent()
    {
        using DbConnection connection = _database.Open();
        using DbTransaction transaction = RelayDatabase.BeginRead(connection);
        return new FleetCounts(connection, transaction).CountSilent(_clock.GetUtcNow());
    }
}
