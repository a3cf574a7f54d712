using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Tests.Engines.Common.Sharding;

/// <summary>A shard of a group that shares sums only, without masks: whatever gathers fails.</summary>
internal sealed class SumsOnlyGroup(IShardGroup open) : IShardGroup
{
    public int Rank => open.Rank;

    public int Size => open.Size;

    public bool SharesSumsOnly => true;

    public void Sum(Span<long> values) => open.Sum(values);

    public byte[][] Gather(ReadOnlySpan<byte> own) => throw new InvalidOperationException("Only sums are shared.");
}
