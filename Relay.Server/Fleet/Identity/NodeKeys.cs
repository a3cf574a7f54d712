using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Relay.Server.Storage;

namespace Relay.Server.Fleet.Identity;

/// <summary>The keys of enrolled nodes. They are kept in memory once they are used, since each request of a node needs its key; only a node
/// that exists takes room there.</summary>
internal sealed class NodeKeys(RelayDatabase database)
{
    private volatile ConcurrentDictionary<string, NodePublicKey> _known = new(StringComparer.Ordinal);

    /// <summary>The key of a node; null for one that has not enrolled.</summary>
    public NodePublicKey? Find(string node)
    {
        // Taken before the database is read: what a removal has outdated goes into the dictionary that the removal has dropped.
        ConcurrentDictionary<string, NodePublicKey> known = _known;
        if (known.TryGetValue(node, out NodePublicKey? key))
        {
            return key;
        }

        using DbConnection connection = database.Open();
        if (connection.QueryFirstOrDefault<byte[]>("SELECT public_key FROM node_keys WHERE node = @node", new { node }) is not { } stored)
        {
            return null;
        }

        key = NodePublicKey.Read(stored, out string error) ?? throw new InvalidDataException($"The stored key of node '{node}' is damaged: {error}.");
        known.TryAdd(node, key);
        return key;
    }

    /// <summary>Called after each removal of nodes: what is in memory may be outdated.</summary>
    public void Forget() => _known = new(StringComparer.Ordinal);
}
