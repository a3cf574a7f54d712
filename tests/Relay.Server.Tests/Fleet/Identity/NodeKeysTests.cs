using System.Data.Common;
using Dapper;
using Relay.Server.Fleet.Identity;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.TestKit.Nodes;
using Shared.Contracts.Nodes;

namespace Relay.Server.Tests.Fleet.Identity;

public sealed class NodeKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RelayDatabase _database;
    private readonly NodeKeys _keys;

    public NodeKeysTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        _keys = new NodeKeys(_database) { KeysOfGeneration = 2 };
        using DbConnection connection = _database.Open();
        connection.Execute("INSERT INTO enrollment_tokens (id, name, hash, created_at, expires_at, uses) VALUES (1, 't', zeroblob(32), 0, 0, 1)");
    }

    [Fact]
    public void Find_MoreNodesThanAreKept_ReadsTheOthersAgain()
    {
        SigningNode[] nodes = [.. Enumerable.Range(0, 7).Select(i => new SigningNode($"node-{i}"))];
        Array.ForEach(nodes, Add);

        string[] found = [.. nodes.Concat(nodes).Select(node => Convert.ToBase64String(_keys.Find(node.Id)!.Key.SubjectPublicKeyInfo))];

        Assert.Equal(nodes.Concat(nodes).Select(node => node.PublicKey), found);
        Array.ForEach(nodes, node => node.Dispose());
    }

    [Fact]
    [Trait("Attack", "key-of-another-node")]
    public void Find_KeyThatWasRemoved_IsNotFoundInAnyGeneration()
    {
        using SigningNode removed = new("removed");
        using SigningNode other = new("other");
        Add(removed);
        Add(other);
        Assert.NotNull(_keys.Find("removed"));
        Assert.NotNull(_keys.Find("other"));
        using DbConnection connection = _database.Open();
        connection.Execute("DELETE FROM node_keys WHERE node = 'removed'");

        _keys.Forget();

        Assert.Null(_keys.Find("removed"));
        Assert.NotNull(_keys.Find("other"));
    }

    [Fact]
    public void Verifies_FromManyThreads_AnswersEachForItsOwnRequest()
    {
        using SigningNode node = new("node");
        Add(node);
        CoveredComponents covered = CoveredComponents.Create("GET", "/v1/events", null).Value!;
        SignedRequest genuine = new(RequestSignature.Create(covered, "node", DateTimeOffset.UnixEpoch, node.Key), covered, "/v1/events");
        SignedRequest altered = genuine with { Components = CoveredComponents.Create("GET", "/v1/event", null).Value! };
        NodePublicKey key = _keys.Find("node")!.Key;

        Parallel.For(0, 200, i => Assert.Equal(i % 2 == 0, key.Verifies(i % 2 == 0 ? genuine : altered)));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private void Add(SigningNode node)
    {
        using DbConnection connection = _database.Open();
        connection.Execute(
            "INSERT INTO node_keys (node, public_key, identity, enrolled_at, token) VALUES (@Id, @Key, @Id, 0, 1)",
            new { node.Id, Key = Convert.FromBase64String(node.PublicKey) });
    }
}
