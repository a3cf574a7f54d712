using System.Data.Common;
using Dapper;
using Relay.Server.Fleet;
using Relay.Server.Releases;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Releases;

public sealed class SchemaChangeImpactTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RelayDatabase _database;

    public SchemaChangeImpactTests() => _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));

    [Theory]
    [InlineData(NodeSchemas.Maximum, 0)]
    [InlineData(NodeSchemas.Maximum + 7, 7)]
    public void Find_ManyNodes_ListsABoundedNumberAndCountsTheRest(int nodes, int leftOut)
    {
        using (DbConnection connection = _database.Open())
        {
            connection.Execute(
                """
                INSERT INTO nodes (id, check_in, seen_at, channel, models)
                WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < @nodes)
                SELECT 'node-' || i, '{"channel":"stable","models":[{"name":"small","schemaSource":"Stated"}]}', 0,
                    'stable', '[{"model":"small","version":1}]' FROM numbers
                """,
                new { nodes });
        }

        SchemaChangeNodes found = new SchemaChangeImpact(new NodeSchemas(_database)).Find([new SchemaChange("stable", "small", 2, 1, [])]);

        Assert.Equal((NodeSchemas.Maximum, leftOut), (found.Refuse.Count, found.LeftOut));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
