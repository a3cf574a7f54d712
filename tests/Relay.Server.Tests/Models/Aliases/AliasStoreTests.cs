using System.Data.Common;
using Dapper;
using Relay.Server.Models.Aliases;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Models.Aliases;

public sealed class AliasStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RelayDatabase _database;
    private readonly TestClock _clock = new();
    private readonly AliasStore _aliases;

    public AliasStoreTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        _aliases = new(_database, _clock);
        _database.Write((connection, transaction) => connection.Execute(
            """
            INSERT INTO models (name, spec, created_at, updated_at) VALUES ('m', '{}', 1, 1), ('other', '{}', 1, 1);
            INSERT INTO training_runs (id, model, spec, data, state, created_at) VALUES (1, 'm', '{}', '{}', 'succeeded', 1);
            INSERT INTO model_versions (model, version, sha256, signature_sha256, size_bytes, run_id, card, created_at)
            VALUES ('m', 1, 'a', 's', 1, 1, '{}', 1), ('m', 2, 'b', 's', 1, 1, '{}', 1), ('other', 1, 'c', 's', 1, 1, '{}', 1);
            """,
            transaction: transaction));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Set_ToWhatItIs_AddsNoChange()
    {
        Assert.True(_aliases.Set("m", "champion", 1, "k1"));
        Assert.False(_aliases.Set("m", "champion", 1, "k2"));

        AliasChange change = Assert.Single(_aliases.ListChanges("m", "champion", null, 10));
        Assert.Equal((1, "k1"), (change.Version, change.Key));
    }

    [Fact]
    public void Set_VersionThatWasDeletedMeanwhile_ChangesNothing()
    {
        Assert.Null(_aliases.Set("m", "champion", 9, "k1"));

        Assert.Empty(_aliases.ListChanges("m", "champion", null, 10));
    }

    [Fact]
    public void FindAt_EachTime_IsWhatItNamedThen()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        _aliases.Set("m", "champion", 1, "k1");
        _clock.Advance(TimeSpan.FromMinutes(1));
        _aliases.Set("m", "champion", 2, "k2");
        _clock.Advance(TimeSpan.FromMinutes(1));
        _aliases.Delete("m", "champion", "k3");

        Assert.Null(_aliases.FindAt("m", "champion", start.AddSeconds(-1)));
        Assert.Equal(1, _aliases.FindAt("m", "champion", start)?.Version);
        StoredAlias then = _aliases.FindAt("m", "champion", start.AddSeconds(119))!;
        Assert.Equal((2, "k2", "b"), (then.Version, then.SetBy, then.Sha256));
        Assert.Null(_aliases.FindAt("m", "champion", start.AddSeconds(120)));
        Assert.Null(_aliases.Find("m", "champion"));
        Assert.Equal([null, 2, 1], _aliases.ListChanges("m", "champion", null, 10).Select(change => change.Version));
    }

    [Fact]
    public void FindAt_ClockThatWasSetBack_IsStillInTheOrderOfTheChanges()
    {
        _aliases.Set("m", "champion", 1, null);
        DateTimeOffset first = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromHours(-1));
        _aliases.Set("m", "champion", 2, null);

        Assert.Null(_aliases.FindAt("m", "champion", first.AddSeconds(-1)));
        Assert.Equal(2, _aliases.FindAt("m", "champion", first)?.Version);
    }

    [Fact]
    public void Delete_AliasThatIsNotThere_ChangesNothing()
    {
        Assert.False(_aliases.Delete("m", "champion", null));
        _aliases.Set("m", "champion", 1, null);
        Assert.True(_aliases.Delete("m", "champion", null));
        Assert.False(_aliases.Delete("m", "champion", null));

        Assert.Equal(2, _aliases.ListChanges("m", "champion", null, 10).Count);
        Assert.True(_aliases.Set("m", "champion", 1, null));
        Assert.Equal(1, _aliases.Find("m", "champion")?.Version);
    }

    [Fact]
    public void List_ByPages_HasThePresentOfOneModel()
    {
        foreach (string alias in (string[])["c", "a", "b", "gone"])
        {
            _aliases.Set("m", alias, 1, null);
        }

        _aliases.Set("m", "b", 2, null);
        _aliases.Delete("m", "gone", null);
        _aliases.Set("other", "d", 1, null);

        Assert.Equal([("a", 1), ("b", 2)], _aliases.List("m", null, null, 2).Select(alias => (alias.Alias, alias.Version)));
        Assert.Equal([("c", 1)], _aliases.List("m", null, "b", 2).Select(alias => (alias.Alias, alias.Version)));
        Assert.Equal(["b"], _aliases.List("m", 2, null, 2).Select(alias => alias.Alias));
        Assert.Equal(["a", "c"], _aliases.ListNames("m", 1));
    }

    [Fact]
    public void Changes_AreNeverAltered()
    {
        _aliases.Set("m", "champion", 1, null);

        Assert.ThrowsAny<DbException>(() => Execute("UPDATE alias_changes SET version = 2"));
        Assert.ThrowsAny<DbException>(() => Execute("DELETE FROM alias_changes"));
        Assert.ThrowsAny<DbException>(() => Execute("INSERT INTO alias_changes (model, alias, version, at) VALUES ('m', 'champion', 9, 1)"));
    }

    private void Execute(string sql) => _database.Write((connection, transaction) => connection.Execute(sql, transaction: transaction));
}
