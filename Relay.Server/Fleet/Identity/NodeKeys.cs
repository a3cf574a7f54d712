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
    public EnrolledNode? Find(string node)
    {
        // Taken before the database is read: what a removal or a ban has outdated goes into the generations that it has dropped.
        Generations known = _known;
        if (known.Young.TryGetValue(node, out EnrolledNode? enrolled))
        {
            return enrolled;
        }

        enrolled = known.Old.TryGetValue(node, out EnrolledNode? old) ? old : Read(node);
        if (enrolled is not null && known.Young.TryAdd(node, enrolled) && known.Young.Count >= KeysOfGeneration)
        {
            Interlocked.CompareExchange(ref _known, Generations.After(known), known);
        }

        return enrolled;
    }

    /// <summary>The ids of the nodes that an operator banned.</summary>
    public IReadOnlyCollection<string> FindBanned()
    {
        using DbConnection connection = database.Open();
        return [.. connection.Query<string>("SELECT node FROM node_keys WHERE banned_at IS NOT NULL")];
    }

    /// <summary>Called after each removal or ban of nodes: what is in memory may be outdated.</summary>
    public void Forget() => _known = Generations.Empty();

    private EnrolledNode? Read(string node)
    {
        using DbConnection connection = database.Open();
        (byte[] Key, bool IsBanned)[] stored = [.. connection.Query<(byte[], bool)>(
            "SELECT public_key, banned_at IS NOT NULL FROM node_keys WHERE node = @node", new { node })];
        if (stored is not [var row])
        {
            return null;
        }

        NodePublicKey key = NodePublicKey.Read(row.Key, out string error)
            ?? throw new InvalidDataException($"The stored key of node '{node}' is damaged: {error}.");
        return new EnrolledNode(key, row.IsBanned);
    }

    /// <summary>Keys that were used since the last change of generations, and those of before.</summary>
    private sealed record Generations(ConcurrentDictionary<string, EnrolledNode> Young, ConcurrentDictionary<string, EnrolledNode> Old)
    {
        public static Generations Empty() => new(new(StringComparer.Ordinal), new(StringComparer.Ordinal));

        public static Generations After(Generations last) => new(new(StringComparer.Ordinal), last.Young);
    }
}
