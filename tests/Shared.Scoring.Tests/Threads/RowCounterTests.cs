using Shared.Scoring.Threads;

namespace Shared.Scoring.Tests.Threads;

public sealed class RowCounterTests
{
    [Fact]
    public void Add_ManyThreadsThatComeAndGo_LosesNothing()
    {
        const int Generations = 5;
        const int Threads = 20;
        const int Adds = 10_000;
        RowCounter count = new();
        for (int generation = 0; generation < Generations; generation++)
        {
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
            {
                for (int i = 0; i < Adds; i++)
                {
                    count.Add(3);
                }
            }))];
            Array.ForEach(threads, t => t.Start());
            Array.ForEach(threads, t => t.Join());

            // New threads get the numbers of ended ones and must continue their counters.
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(3L * Generations * Threads * Adds, count.Total);
    }

    [Fact]
    public void Number_OfThreadsThatLive_IsNeverShared()
    {
        using Barrier all = new(8);
        int[] numbers = new int[all.ParticipantCount];
        Thread[] threads = [.. numbers.Select((_, i) => new Thread(() =>
        {
            numbers[i] = ThreadSlot.Current.Number;
            all.SignalAndWait();
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }
}
