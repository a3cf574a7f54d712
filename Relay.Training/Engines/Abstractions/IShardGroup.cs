using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Engines.Abstractions;

/// <summary>Those who train one model together, each on a shard of the rows. All of them make the same calls in the same order,
/// each on one thread at a time; a call returns when all have made it. One who is alone may call from any thread. What they exchange are whole numbers, whose sums are the same
/// bits in any order, so that the model does not depend on how many they are.</summary>
public interface IShardGroup
{
    /// <summary>This one's number, from 0.</summary>
    int Rank { get; }

    /// <summary>How many they are, at least 1.</summary>
    int Size { get; }

    /// <summary>Replaces each number by its sum over all.</summary>
    void Sum(Span<long> values);

    /// <returns>What each one gave, by rank; lengths may differ.</returns>
    byte[][] Gather(ReadOnlySpan<byte> own);
}

/// <summary>One who has all rows.</summary>
public sealed class SingleShard : IShardGroup
{
    public static SingleShard Instance { get; } = new();

    public int Rank => 0;

    public int Size => 1;

    public void Sum(Span<long> values)
    {
    }

    public byte[][] Gather(ReadOnlySpan<byte> own) => [own.ToArray()];
}
