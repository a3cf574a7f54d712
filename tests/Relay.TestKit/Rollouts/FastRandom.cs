namespace Relay.TestKit.Rollouts;

/// <summary>SplitMix64: <see cref="Random"/> with a seed takes most of the time of a simulation.</summary>
internal sealed class FastRandom(long seed)
{
    private ulong _state = (ulong)seed * 0x9E3779B97F4A7C15;

    public ulong Next()
    {
        ulong mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
