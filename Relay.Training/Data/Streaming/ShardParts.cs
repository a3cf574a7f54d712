using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Relay.Training.Data.Csv;
using Relay.Training.Data.Reading;
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
    /// <param name="agreement">Of shards that share sums only; null for all others.</param>
    /// <exception cref="TrainingException">A shard has fewer rows than agreed on.</exception>
    public static ShardParts Gather(string name, string digest, int rows, ShardAgreement? agreement, IShardGroup shards)
    {
        if (agreement is not null)
        {
            return Sum(digest, rows, agreement.MinimumRows, shards);
        }

        string[] names = [.. shards.Gather(Encoding.UTF8.GetBytes(name)).Select(Encoding.UTF8.GetString)];
        byte[] digests = [.. shards.Gather(Convert.FromHexString(digest)).SelectMany(bytes => bytes)];
        long first = shards.Gather(BitConverter.GetBytes(rows)).Take(shards.Rank).Sum(bytes => (long)BitConverter.ToInt32(bytes));
        return new ShardParts(DataErrors.List(names), Convert.ToHexStringLower(SHA256.HashData(digests)), first);
    }

    /// <exception cref="TrainingException">This shard has fewer rows than agreed on.</exception>
    public static void RequireRows(int rows, ShardAgreement agreement)
    {
        if (rows < agreement.MinimumRows)
        {
            throw new TrainingException(
                TrainingFault.TooFewRows, $"{rows} training rows, and the round asks {agreement.MinimumRows} of each owner");
        }
    }

    // Each shard has places of its own in one sum.
    private static ShardParts Sum(string digest, int rows, int minimumRows, IShardGroup shards)
    {
        const int Words = SHA256.HashSizeInBytes / sizeof(long);
        long[] sums = new long[shards.Size * (Words + 1)];
        Span<long> own = sums.AsSpan(shards.Rank * (Words + 1), Words + 1);
        own[0] = rows;
        Convert.FromHexString(digest).CopyTo(MemoryMarshal.AsBytes(own[1..]));
        shards.Sum(sums);
        byte[] digests = new byte[shards.Size * SHA256.HashSizeInBytes];
        long first = 0;
        for (int shard = 0; shard < shards.Size; shard++)
        {
            ReadOnlySpan<long> of = sums.AsSpan(shard * (Words + 1), Words + 1);
            MemoryMarshal.AsBytes(of[1..]).CopyTo(digests.AsSpan(shard * SHA256.HashSizeInBytes));
            first += shard < shards.Rank ? of[0] : 0;
            if (of[0] < minimumRows)
            {
                throw new TrainingException(
                    TrainingFault.TooFewRows,
                    $"owner {shard + 1} of {shards.Size} has {of[0]} training rows, and the round asks {minimumRows} of each");
            }
        }

        return new ShardParts($"rows of {shards.Size} owners", Convert.ToHexStringLower(SHA256.HashData(digests)), first);
    }
}
