namespace Relay.Training.Engines.Common;

/// <summary>Draws a share of numbered items by a hash of seed, turn and number, so that threads and shards draw the same ones, in any
/// order.</summary>
internal readonly struct HashSampler(ulong seed, int turn, double share)
{
    private readonly ulong _key = Mix(seed ^ Mix((ulong)turn));
    private readonly double _bound = share * ulong.MaxValue;

    public bool Draws(ulong number) => Hash(number) < _bound;

    /// <summary>A number of 64 random bits.</summary>
    public ulong Hash(ulong number) => Mix(_key ^ Mix(number));

    // SplitMix64 (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong z)
    {
        z += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
