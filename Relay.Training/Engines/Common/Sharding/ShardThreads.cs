using System.Runtime.ExceptionServices;

namespace Relay.Training.Engines.Common.Sharding;

/// <summary>Shards on threads of this process: what tests, and the check that shards do not change a model, run on.</summary>
/// <remarks>Threads of the caller's priority that all run at the same time, because each waits for the others.</remarks>
public static class ShardThreads
{
    /// <summary>Runs the work once per shard, at the same time.</summary>
    /// <returns>What each shard returned, by rank.</returns>
    /// <exception cref="Exception">The first that a shard threw; the others are let go.</exception>
    public static T[] Run<T>(int size, Func<IShardGroup, T> work)
    {
        Exchange exchange = new(size);
        T[] results = new T[size];
        ExceptionDispatchInfo? first = null;
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = work(size == 1 ? SingleShard.Instance : new Member(exchange, rank));
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(e), null);
                exchange.GiveUp();
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        first?.Throw();
        return results;
    }

    private sealed class Member(Exchange exchange, int rank) : IShardGroup
    {
        public int Rank => rank;

        public int Size => exchange.Size;

        public void Sum(Span<long> values)
        {
            long[][] all = [.. exchange.Swap(rank, values.ToArray()).Cast<long[]>()];
            values.Clear();
            foreach (long[] one in all)
            {
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] += one[i];
                }
            }
        }

        public byte[][] Gather(ReadOnlySpan<byte> own) => [.. exchange.Swap(rank, own.ToArray()).Cast<byte[]>()];
    }

    /// <summary>Where all members submit what they have, and each takes what all have submitted.</summary>
    private sealed class Exchange(int size)
    {
        private readonly Lock _gate = new();
        private readonly CancellationTokenSource _givenUp = new();
        private readonly Barrier _barrier = new(size);
        private object[] _given = new object[size];

        public int Size => size;

        public object[] Swap(int rank, object own)
        {
            lock (_gate)
            {
                _given[rank] = own;
            }

            _barrier.SignalAndWait(_givenUp.Token);
            object[] all = _given;
            _barrier.SignalAndWait(_givenUp.Token);
            if (rank == 0)
            {
                _given = new object[size];
            }

            _barrier.SignalAndWait(_givenUp.Token);
            return all;
        }

        public void GiveUp() => _givenUp.Cancel();
    }
}
