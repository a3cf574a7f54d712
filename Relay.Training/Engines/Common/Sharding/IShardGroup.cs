namespace Relay.Training.Engines.Common.Sharding;

/// <summary>A group of processes or threads that train one model together, each on a shard of the rows. All members make the same calls in
/// the same order, each on one thread at a time; a call returns when all members have made it. A group of one may be called from any
/// thread. The members exchange whole numbers, whose sums are the same bits in any order, so that the model does not depend on the size
/// of the group.</summary>
public interface IShardGroup
{
    /// <summary>The number of this member, from 0.</summary>
    int Rank { get; }

    /// <summary>The number of members, at least 1.</summary>
    int Size { get; }

    /// <summary>Whether the members belong to owners that show each other sums only: then <see cref="Gather"/> is not for them.</summary>
    bool SharesSumsOnly => false;

    /// <summary>Replaces each number by its sum over all members.</summary>
    void Sum(Span<long> values);

    /// <returns>The bytes of each member, by rank; lengths may differ.</returns>
    /// <exception cref="InvalidOperationException">The group shares sums only.</exception>
    byte[][] Gather(ReadOnlySpan<byte> own);
}
