using System.Data.Common;
using Dapper;
using Relay.Server.Storage;

namespace Relay.Server.Fleet;

/// <summary>The schemas that nodes run, by their latest reports.</summary>
internal sealed class NodeSchemas(RelayDatabase database)
{
    // Of no node that does not run the model is the report read.
    private const string Runs = "channel = @channel AND EXISTS (SELECT 1 FROM node_models WHERE model = @model AND node = nodes.id)";

    /// <summary>The most nodes that one question looks at.</summary>
    public const int Maximum = 1000;

    /// <summary>The nodes of a channel that run a model, by name, <see cref="Maximum"/> at most.</summary>
    public IReadOnlyList<NodeSchema> List(string channel, string model)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(string Node, string? SchemaHash, string? SchemaSource)>(
                $"""
                SELECT nodes.id, json_extract(active.value, '$.schemaHash'), json_extract(active.value, '$.schemaSource')
                FROM (SELECT id AS listed FROM nodes WHERE {Runs} ORDER BY id LIMIT @Maximum) AS page
                JOIN nodes ON nodes.id = listed, json_each(nodes.check_in, '$.models') AS active
                WHERE json_extract(active.value, '$.name') = @model ORDER BY nodes.id LIMIT @Maximum
                """,
                new { channel, model, Maximum })
            .Select(row => new NodeSchema(row.Node, row.SchemaHash, row.SchemaSource))];
    }

    /// <summary>The number of nodes of a channel that run a model.</summary>
    public long Count(string channel, string model)
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<long>($"SELECT count(*) FROM nodes WHERE {Runs}", new { channel, model });
    }
}

/// <param name="SchemaHash">Of the version that the node runs; null where it does not report it.</param>
/// <param name="SchemaSource">A name of <see cref="Shared.Contracts.Api.SchemaSource"/>; null from a node that does not compare schemas.</param>
internal sealed record NodeSchema(string Node, string? SchemaHash, string? SchemaSource);
