using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Server.Http.Access;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

/// <summary>The end of keys by the clock, and the rules that keep an admin in.</summary>
public sealed partial class ApiKeyStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();
    private readonly DatabaseWriter _writer;
    private RelayDatabase _database;
    private ApiKeyStore _keys;

    public ApiKeyStoreTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        _writer = new(_database);
        _keys = new(_database, _clock);
    }

    [Fact]
    public void Authenticate_KeyWithAnEnd_WorksUntilThen()
    {
        string text = Create(ApiKeyRole.Trainer, days: 1).Text;

        _clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        ApiKeyIdentity? before = _keys.Authenticate(text).Value;
        _clock.Advance(TimeSpan.FromSeconds(1));
        ApiKeyRefusal? after = _keys.Authenticate(text).Refusal;

        Assert.Equal(ApiKeyRole.Trainer, before?.Role);
        Assert.Equal(ApiKeyRefusalReason.Expired, after?.Reason);
    }

    [Fact]
    public void Revoke_AdminKey_NeedsAnotherThatLastsAsLong()
    {
        ApiKeyIssued first = Create(ApiKeyRole.Admin);
        ApiKeyIssued shorter = Create(ApiKeyRole.Admin, days: 30);
        Create(ApiKeyRole.Operator);

        Assert.Equal(ApiKeyRefusalReason.LastAdminKey, _keys.Revoke(first.Key.Id)?.Reason);

        ApiKeyIssued second = Create(ApiKeyRole.Admin);
        Assert.Null(_keys.Revoke(first.Key.Id));
        Assert.Null(_keys.Revoke(shorter.Key.Id));
        Assert.Equal(ApiKeyRefusalReason.LastAdminKey, _keys.Revoke(second.Key.Id)?.Reason);
        Assert.True(_keys.Authenticate(second.Text).IsAccepted);
    }

    [Fact]
    public void Revoke_SuccessorOfAnAdminKey_IsRefusedWhileOnlyTheOldOneIsLeft()
    {
        ApiKeyIssued old = Create(ApiKeyRole.Admin);
        ApiKeyIssued next = _keys.Rotate(old.Key.Id, TimeSpan.FromDays(1)).Value!;

        Assert.Equal(ApiKeyRefusalReason.LastAdminKey, _keys.Revoke(next.Key.Id)?.Reason);
        Assert.Null(_keys.Revoke(old.Key.Id));
    }

    [Fact]
    public void Rotate_LastAdminKeyWithoutOverlap_LeavesTheNewOne()
    {
        ApiKeyIssued old = Create(ApiKeyRole.Admin);

        ApiKeyIssued next = _keys.Rotate(old.Key.Id, TimeSpan.Zero).Value!;

        Assert.Equal(ApiKeyRefusalReason.Revoked, _keys.Authenticate(old.Text).Refusal?.Reason);
        Assert.Equal(ApiKeyRole.Admin, _keys.Authenticate(next.Text).Value?.Role);
    }

    [Fact]
    public void EnsureAdminKey_AdminKeyThatHasExpired_ShowsNoneUntilAsked()
    {
        ApiKeyIssued expired = Create(ApiKeyRole.Admin, days: 1);
        _clock.Advance(TimeSpan.FromDays(2));
        List<string> shown = [];

        _keys.EnsureAdminKey(replace: false, shown.Add);
        Assert.Empty(shown);
        _keys.EnsureAdminKey(replace: true, shown.Add);

        Assert.Equal(ApiKeyRole.Admin, _keys.Authenticate(Assert.Single(shown)).Value?.Role);
        Assert.False(_keys.Authenticate(expired.Text).IsAccepted);
    }

    [Fact]
    public void Create_AtTheLimit_TakesThePlaceOfTheOldestThatHasEnded()
    {
        ApiKeyIssued ended = Create(ApiKeyRole.Node);
        _keys.Revoke(ended.Key.Id);
        _database.Write((connection, transaction) => connection.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @Rest)
            INSERT INTO api_keys (id, name, role, hash, created_at) SELECT 'k' || i, 'n', 'node', randomblob(32), 0 FROM n
            """,
            new { Rest = ApiKeyStore.MaximumKeys - 1 }, transaction));

        Assert.True(_keys.Create("one more", ApiKeyRole.Node, null).IsAccepted);
        Assert.Equal(ApiKeyRefusalReason.TooMany, _keys.Create("too many", ApiKeyRole.Node, null).Refusal?.Reason);
        Assert.Equal(ApiKeyRefusalReason.Unknown, _keys.Authenticate(ended.Text).Refusal?.Reason);
    }

    [Fact]
    public void Authenticate_KeyOfARoleThatThisRelayDoesNotKnow_IsRefused()
    {
        ApiKeyIssued key = Create(ApiKeyRole.Node);
        _database.Write((connection, transaction) => connection.Execute("UPDATE api_keys SET role = 'owner'", transaction: transaction));

        Assert.Equal(ApiKeyRefusalReason.Unknown, _keys.Authenticate(key.Text).Refusal?.Reason);
    }

    [Fact]
    public void Open_DatabaseOfAnEarlierRelay_ItsKeysStillWork()
    {
        const string admin = "relay_q8YdT3VnVZk1m0a4s7Xw2c5b9e6f1g3h5j7k9l_-AbC";
        _database.Dispose();
        DataFolder earlier = new(_folder.Combine("earlier"));
        Directory.CreateDirectory(_folder.Combine("earlier"));
        using (SqliteConnection connection = new($"Data Source={earlier.Database};Pooling=False"))
        {
            connection.Open();
            SchemaMigrations.Apply(connection, last: 3);
            connection.Execute(
                "INSERT INTO api_keys VALUES (@Admin, 'admin', 5), (@Approver, 'approver', 6)",
                new { Admin = ApiKeyText.Hash(admin), Approver = ApiKeyText.Hash("relay_approver") });
        }

        _database = RelayDatabase.Open(earlier);
        _keys = new(_database, _clock);

        Assert.Equal(ApiKeyRole.Admin, _keys.Authenticate(admin).Value?.Role);
        Assert.Equal(ApiKeyRole.Approver, _keys.Authenticate("relay_approver").Value?.Role);
        Assert.Equal(["admin valid", "approver valid"], _keys.List(null, 10).Select(key => $"{key.Role} {key.State}"));
        Assert.Equal(ApiKeyRefusalReason.LastAdminKey, _keys.Revoke(_keys.List(null, 1)[0].Id)?.Reason);
    }

    [Fact]
    public async Task Record_ManyUses_AreWrittenOnceAMinute()
    {
        ApiKeyUse use = new(_writer, _clock, NullLogger<ApiKeyUse>.Instance);
        ApiKeyIssued key = Create(ApiKeyRole.Node);
        List<long> written = [];
        foreach (double seconds in new[] { 0, 1, 58.9, 60, 61, -3600, -3599 })
        {
            DateTimeOffset start = Find(key.Key.Id).CreatedAt;
            _clock.Set(start.AddSeconds(seconds) - _clock.GetUtcNow());
            use.Record(key.Key.Id);
            await _writer.WriteAsync((_, _) => true);
            written.Add((long)(Find(key.Key.Id).LastUsedAt!.Value - start).TotalSeconds);
        }

        Assert.Equal([0, 0, 0, 60, 60, -3600, -3600], written);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private ApiKeyIssued Create(ApiKeyRole role, int? days = null)
    {
        Result<ApiKeyIssued, ApiKeyRefusal> made = _keys.Create("a key", role, days is { } given ? _clock.GetUtcNow().AddDays(given) : null);
        return made.Value!;
    }

    private ApiKeyView Find(string id) => _keys.List(null, 1000).Single(key => key.Id == id);
}
