using System.Runtime.ExceptionServices;
using Shared.Platform.Threads;

namespace Relay.Training.Engines.Common;

/// <summary>Runs numbered pieces of work on a given number of threads; each takes the next piece when it is free.</summary>
internal static class WorkerLoop
{
    public static void Run(int count, int threads, Action<int> work, CancellationToken cancellationToken) =>
        Run<object?>(count, threads, () => null, (_, piece) => work(piece), cancellationToken);

    /// <param name="scratch">Makes what one thread keeps to itself.</param>
    /// <exception cref="TrainingException">As the work throws it, on any number of threads.</exception>
    public static void Run<TScratch>(
        int count, int threads, Func<TScratch> scratch, Action<TScratch, int> work, CancellationToken cancellationToken)
    {
        threads = Math.Min(threads, count);
        if (threads <= 1)
        {
            TScratch own = scratch();
            for (int piece = 0; piece < count; piece++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                work(own, piece);
            }

            return;
        }

        int next = 0;
        try
        {
            Parallel.For(0, threads, ParallelWork.CreateOptions(threads, cancellationToken), _ =>
            {
                TScratch own = scratch();
                for (int piece = Interlocked.Increment(ref next) - 1; piece < count; piece = Interlocked.Increment(ref next) - 1)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    work(own, piece);
                }
            });
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<TrainingException>().FirstOrDefault() is { } refused)
        {
            ExceptionDispatchInfo.Throw(refused);
        }
    }
}
