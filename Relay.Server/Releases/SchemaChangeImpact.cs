using Relay.Server.Fleet;
using Shared.Contracts.Api;

namespace Relay.Server.Releases;

/// <summary>Finds what the nodes of a channel would do with a release whose schema differs, by their latest reports.</summary>
internal sealed class SchemaChangeImpact(NodeSchemas nodes)
{
    private enum Effect
    {
        None,
        RefuseIfInputsLack,
        Unchecked,
        Refuse,
    }

    public SchemaChangeNodes Find(IReadOnlyList<SchemaChange> changes)
    {
        Dictionary<string, Effect> effects = new(StringComparer.Ordinal);
        long leftOut = 0;
        foreach (SchemaChange change in changes)
        {
            IReadOnlyList<NodeSchema> listed = nodes.List(change.Channel, change.Model);
            leftOut = Math.Max(leftOut, listed.Count < NodeSchemas.Maximum ? 0 : nodes.Count(change.Channel, change.Model) - listed.Count);
            foreach (NodeSchema node in listed)
            {
                Effect effect = GetEffect(change, node);
                effects[node.Node] = effects.TryGetValue(node.Node, out Effect before) && before > effect ? before : effect;
            }
        }

        return new SchemaChangeNodes
        {
            Refuse = NodesWith(Effect.Refuse),
            RefuseIfInputsLack = NodesWith(Effect.RefuseIfInputsLack),
            Unchecked = NodesWith(Effect.Unchecked),
            LeftOut = leftOut,
        };

        string[] NodesWith(Effect effect) => [.. effects.Where(e => e.Value == effect).Select(e => e.Key).Order(StringComparer.Ordinal)];
    }

    private static Effect GetEffect(SchemaChange change, NodeSchema node) => (change, node) switch
    {
        ({ Version: null }, _) => Effect.Refuse,
        (_, { SchemaSource: nameof(SchemaSource.Any) }) => Effect.None,
        (_, { SchemaSource: null }) => Effect.Unchecked,
        ({ SchemaHash: { } hash }, _) when hash == node.SchemaHash => Effect.None,
        ({ OnlyInputs: true }, { SchemaSource: nameof(SchemaSource.RowType) }) => Effect.RefuseIfInputsLack,
        _ => Effect.Refuse,
    };
}
