using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Relay.Server.Storage;

namespace Relay.Server.Fleet.Identity;

/// <summary>The keys of enrolled nodes. Those that were used last are kept in memory, since each request of a node needs its key; only a node
/// that exists takes room there.</summary>
internal sealed class NodeKeys(RelayDatabase database)
{
    private volatile Generations _known = Generations.Empty();

    /// <summary>Twice as many are kept at most. One has 6 KiB, most of it of the platform.</summary>
    public int KeysOfGeneration { get; init; } = 16 * 1024;

    /// <summary>The key of a node; null for one that has not enrolled.</summary>
    public NodePublicKey? Find(string node)
    {
        // Taken before the database is read: what a removal has outdated goes into the generations that the removal has dropped.
        Generations known = _known;
        if (known.Young.TryGetValue(node, out NodePublicKey? key))
        {
            return key;
        }

        key = known.Old.TryGetValue(node, out NodePublicKey? old) ? old : Read(node);
        if (key is not null && known.Young.TryAdd(node, key) && known.Young.Count >= KeysOfGeneration)
        {
            Interlocked.CompareExchange(ref _known, Generations.After(known), known);
        }

        return key;
    }

    /// <summary>Called after each removal of nodes: what is in memory may be outdated.</summary>
    public void Forget() => _known = Generations.Empty();

    private NodePublicKey? Read(string node)
    {
        using DbConnection connection = database.Open();
        return connection.QueryFirstOrDefault<byte[]>("SELECT public_key FROM node_keys WHERE node = @node", new { node }) is { } stored
            ? NodePublicKey.Read(stored, out string error) ?? throw new InvalidDataException($"The stored key of node '{node}' is damaged: {error}.")
            : null;
    }

    /// <summary>Keys that were used since the last change of generations, and those of before.</summary>
    private sealed record Generations(ConcurrentDictionary<string, NodePublicKey> Young, ConcurrentDictionary<string, NodePublicKey> Old)
    {
        public static Generations Empty() => new(new(StringComparer.Ordinal), new(StringComparer.Ordinal));

        public static Generations After(Generations last) => new(new(StringComparer.Ordinal), last.Young);
    }
}
