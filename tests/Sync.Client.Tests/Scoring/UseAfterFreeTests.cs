using System.Collections.Frozen;
using Shared.Contracts.Models;
using Shared.Scoring;
using Shared.Scoring.Threads;
using Sync.Client.Scoring;

namespace Sync.Client.Tests.Scoring;

/// <summary>Swaps a resource whose memory is poisoned when it is freed, while threads read it. With the lease no call reads poison;
/// without the lease the same detector must report it, which proves the detector.</summary>
public sealed class UseAfterFreeTests
{
    private const int Callers = 4;

    private delegate bool TryEnter(out ThreadSlot? slot);

    [Fact]
    public void Swap_UnderLoad_NoCallReadsFreedMemory()
    {
        (long calls, long poisoned) = Stress(swaps: 20_000, free =>
        {
            Lease lease = new(free);
            return (lease.TryEnter, lease.Leave, lease.Retire);
        });

        Assert.Equal(0, poisoned);
        Assert.True(calls >= 1000, $"only {calls} calls");
    }

    [Fact]
    public void Swap_WithoutLease_IsReported()
    {
        // Retirement frees at once, as if no call were running.
        long poisoned = Stress(swaps: 20_000, free => (Always, _ => { }, free)).Poisoned;

        Assert.NotEqual(0, poisoned);
    }

    [Fact]
    public void Swap_LeaseLeftTooEarly_IsReported()
    {
        long poisoned = Stress(swaps: 20_000, free =>
        {
            Lease lease = new(free);
            return ((out ThreadSlot? slot) => Entered(lease, out slot), _ => { }, lease.Retire);
        }).Poisoned;

        Assert.NotEqual(0, poisoned);

        static bool Entered(Lease lease, out ThreadSlot? slot)
        {
            bool entered = lease.TryEnter(out slot);
            if (entered)
            {
                lease.Leave(slot);
            }

            return entered;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Predict_ScorerSwappedUnderLoad_IsNeverInsideAFreedOne(bool leaseTakenOut)
    {
        ReleaseSlot slot = new();
        RelayModel model = new("m", slot);
        PoisonedScorer.Poisoned = 0;
        PoisonedScorer current = PoisonedScorer.Swap(slot);
        bool stop = false;
        Thread[] callers = [.. Enumerable.Range(0, Callers).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                model.Predict([1f]);
            }
        }))];
        Array.ForEach(callers, c => c.Start());
        for (int swap = 0; swap < 2000 && (!leaseTakenOut || Volatile.Read(ref PoisonedScorer.Poisoned) == 0); swap++)
        {
            PoisonedScorer before = current;
            current = PoisonedScorer.Swap(slot);
            if (leaseTakenOut)
            {
                before.Dispose();
            }

            Thread.Yield();
        }

        Volatile.Write(ref stop, true);
        Array.ForEach(callers, c => c.Join());
        Assert.Equal(leaseTakenOut, PoisonedScorer.Poisoned > 0);
    }

    private static (long Calls, long Poisoned) Stress(int swaps, Func<Action, (TryEnter TryEnter, Action<ThreadSlot?> Leave, Action Retire)> guard)
    {
        Guarded current = new(guard);
        long calls = 0;
        long poisoned = 0;
        bool stop = false;
        Thread[] callers = [.. Enumerable.Range(0, Callers).Select(_ => new Thread(Call))];
        Array.ForEach(callers, c => c.Start());

        for (int swap = 0; swap < swaps || (Volatile.Read(ref poisoned) == 0 && Volatile.Read(ref calls) < 1000); swap++)
        {
            Guarded before = current;
            Volatile.Write(ref current, new Guarded(guard));
            before.Retire();
        }

        Volatile.Write(ref stop, true);
        Array.ForEach(callers, c => c.Join());
        return (calls, poisoned);

        void Call()
        {
            while (!Volatile.Read(ref stop))
            {
                Guarded inside = Volatile.Read(ref current);
                if (inside.TryEnter(out ThreadSlot? slot))
                {
                    Interlocked.Increment(ref calls);
                    Interlocked.Add(ref poisoned, inside.CountPoison());
                    inside.Leave(slot);
                }
            }
        }
    }

    private static bool Always(out ThreadSlot? slot)
    {
        slot = null;
        return true;
    }

    /// <summary>Memory that is filled with poison when it is freed, instead of unmapped, so that a later read is detected and not fatal.</summary>
    private sealed class Guarded
    {
        private const int Poison = -1;
        private readonly int[] _memory = new int[256];

        public Guarded(Func<Action, (TryEnter TryEnter, Action<ThreadSlot?> Leave, Action Retire)> guard) =>
            (TryEnter, Leave, Retire) = guard(() => Array.Fill(_memory, Poison));

        public TryEnter TryEnter { get; }

        public Action<ThreadSlot?> Leave { get; }

        public Action Retire { get; }

        /// <summary>Reads all of it several times, as a walk through trees does, now and then losing the processor in between.</summary>
        public int CountPoison()
        {
            int found = 0;
            for (int round = 0; round < 4; round++)
            {
                for (int i = 0; i < _memory.Length; i++)
                {
                    found += Volatile.Read(ref _memory[i]) == Poison ? 1 : 0;
                }

                Thread.Yield();
            }

            return found;
        }
    }

    /// <summary>Runs no model: reads its memory, and counts the calls that find it poisoned.</summary>
    private sealed class PoisonedScorer : IRowScorer
    {
        public static long Poisoned;
        private readonly Guarded _memory = new(free => (Always, _ => { }, free));

        public long ScoredRows => 0;

        public static PoisonedScorer Swap(ReleaseSlot slot)
        {
            PoisonedScorer rows = new();
            ModelScorer scorer = new(rows, new("m", 1, "", new([new("f", ColumnType.Number)], ["a", "b"])));
            slot.Swap(new(1, default, new Dictionary<string, ModelScorer> { ["m"] = scorer }.ToFrozenDictionary()));
            return rows;
        }

        public void Score(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> outputs)
        {
            Interlocked.Add(ref Poisoned, _memory.CountPoison());
            outputs.Clear();
        }

        public void Dispose() => _memory.Retire();
    }
}
