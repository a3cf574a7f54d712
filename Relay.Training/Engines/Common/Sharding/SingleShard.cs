namespace Relay.Training.Engines.Common.Sharding;

/// <summary>A group of one: no communication.</summary>
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
