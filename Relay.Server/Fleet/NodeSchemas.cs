using System.Data.Common;
using Dapper;
using Relay.Server.Storage;

namespace Relay.Server.Fleet;

/// <summary>The schemas that nodes run, by their latest reports.</summary>
internal sealed class NodeSchemas(RelayDatabase database)
{
    /// <summary>The nodes of a channel that run a model.</summary>
    public IReadOnlyList<NodeSchema> List(string channel, string model)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(string Node, string? SchemaHash, string? SchemaSource)>(
                """
                SELECT nodes.id, json_extract(active.value, '$.schemaHash'), json_extract(active.value, '$.schemaSource')
                FROM nodes, json_each(nodes.check_in, '$.models') AS active
                WHERE json_extract(nodes.check_in, '$.channel') = @channel AND json_extract(active.value, '$.name') = @model
                ORDER BY nodes.id
                """,
                new { channel, model })
            .Select(row => new NodeSchema(row.Node, row.SchemaHash, row.SchemaSource))];
    }
}

/// <param name="SchemaHash">Of the version that the node runs; null where it does not report it.</param>
/// <param name="SchemaSource">A name of <see cref="Shared.Contracts.Api.SchemaSource"/>; null from a node that does not compare schemas.</param>
internal sealed record NodeSchema(string Node, string? SchemaHash, string? SchemaSource);
