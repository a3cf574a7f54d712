using System.Security.Cryptography;
using System.Text;
using Relay.Training.Data.Csv;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Data.Streaming;

/// <summary>Facts about the rows of all shards that each shard needs.</summary>
/// <param name="Source">Names the files of all shards, where each has its own.</param>
/// <param name="Sha256">Of the files' digests in the order of ranks, lower-case hexadecimal.</param>
/// <param name="FirstRow">The number of this shard's first row among the rows that all shards keep.</param>
internal sealed record ShardParts(string Source, string Sha256, long FirstRow)
{
    /// <param name="name">Of what this shard reads.</param>
    /// <param name="digest">Of what this shard reads.</param>
    /// <param name="rows">That this shard keeps.</param>
    public static ShardParts Gather(string name, string digest, int rows, IShardGroup shards)
    {
        string[] names = [.. shards.Gather(Encoding.UTF8.GetBytes(name)).Select(Encoding.UTF8.GetString)];
        byte[] digests = [.. shards.Gather(Convert.FromHexString(digest)).SelectMany(bytes => bytes)];
        long first = shards.Gather(BitConverter.GetBytes(rows)).Take(shards.Rank).Sum(bytes => (long)BitConverter.ToInt32(bytes));
        return new ShardParts(DataErrors.List(names), Convert.ToHexStringLower(SHA256.HashData(digests)), first);
    }
}
