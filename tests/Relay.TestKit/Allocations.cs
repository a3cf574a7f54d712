namespace Relay.TestKit;

/// <summary>Counts what code allocates.</summary>
public static class Allocations
{
    /// <summary>The number of rounds of <see cref="Least"/>.</summary>
    public const int Rounds = 3;

    /// <summary>Bytes that a round of the code allocates on this thread: the least of <see cref="Rounds"/>. What the code itself allocates is in each
    /// of them; a collection that empties a pool, or a table that the process makes once, is in one.</summary>
    public static long Least(Action round) => Enumerable.Range(0, Rounds).Min(_ =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        round();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
