using System.Data.Common;
using Dapper;
using Relay.Server.Http.Access;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

/// <summary>Whether keys are one person's where the list has no room for all of them.</summary>
public sealed partial class ApiKeyStoreTests
{
    [Fact]
    public void IsSamePerson_KeyBetweenThemLeftTheList_IsOne()
    {
        ApiKeyIssued first = Create(ApiKeyRole.Approver);
        ApiKeyIssued between = _keys.Rotate(first.Key.Id, TimeSpan.FromDays(30)).Value!;
        ApiKeyIssued last = _keys.Rotate(between.Key.Id, TimeSpan.Zero).Value!;
        ApiKeyIssued other = Create(ApiKeyRole.Approver);

        // The oldest of those that have ended: the first key is valid for 30 days.
        _database.Write((connection, transaction) => connection.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @Rest)
            INSERT INTO api_keys (id, name, role, hash, created_at) SELECT 'k' || i, 'n', 'node', randomblob(32), 0 FROM n
            """,
            new { Rest = ApiKeyStore.MaximumKeys - 4 }, transaction));
        Assert.True(_keys.Create("one more", ApiKeyRole.Node, null).IsAccepted);

        Assert.DoesNotContain(between.Key.Id, _keys.List(null, ApiKeyStore.MaximumKeys).Select(key => key.Id));
        Assert.True(_keys.IsSamePerson(first.Key.Id, last.Key.Id));
        Assert.True(_keys.IsSamePerson(last.Key.Id, first.Key.Id));
        Assert.False(_keys.IsSamePerson(first.Key.Id, other.Key.Id));
        Assert.Equal(first.Key.Id, _keys.FirstOf(last.Key.Id));
    }

    [Fact]
    public void IsSamePerson_SuccessionThatAnEarlierRelayLost_CountsAsOne()
    {
        ApiKeyIssued first = Create(ApiKeyRole.Approver);
        ApiKeyIssued between = _keys.Rotate(first.Key.Id, TimeSpan.FromDays(30)).Value!;
        ApiKeyIssued last = _keys.Rotate(between.Key.Id, TimeSpan.Zero).Value!;
        using (DbConnection connection = _database.Open())
        {
            connection.Execute("DELETE FROM api_keys WHERE id = @Id", new { between.Key.Id });
        }

        Assert.True(_keys.IsSamePerson(first.Key.Id, last.Key.Id));
        Assert.True(_keys.IsSamePerson(last.Key.Id, first.Key.Id));
    }
}
