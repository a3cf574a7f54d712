namespace Relay.Training.Engines.Common;

/// <summary>Random numbers of one tree (SplitMix64, Steele, Lea and Flood 2014): seed and tree number say all, so that trees may
/// grow in any order.</summary>
internal struct RandomStream(ulong seed, int tree)
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;
    private ulong _state = Mix(seed ^ Mix((ulong)tree + Step));

    /// <returns>0 to <paramref name="bound"/> - 1.</returns>
    public int Below(int bound) => (int)Below((long)bound);

    /// <returns>0 to <paramref name="bound"/> - 1.</returns>
    public long Below(long bound)
    {
        _state += Step;
        return (long)Math.BigMul(Mix(_state), (ulong)bound, out _);
    }

    /// <returns>0 to just below 1, in steps of 2^-53.</returns>
    public double Share() => Below(1L << 53) * Math.ScaleB(1, -53);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
