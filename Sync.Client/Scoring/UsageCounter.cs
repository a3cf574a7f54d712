using System.Runtime.CompilerServices;
using Shared.Scoring.Threads;

namespace Sync.Client.Scoring;

/// <summary>Counts the use of one version from many threads. It outlives the scorer, whose last calls may end after a swap.</summary>
internal sealed class UsageCounter
{
    private readonly Lock _resizing = new();
    private ThreadUsage?[] _threads = [];
    private long _failures;
    private long _callerFaults;

    /// <summary>The counts of the calling thread.</summary>
    public ThreadUsage Current
    {
        get
        {
            int number = ThreadSlot.Current.Number;
            ThreadUsage?[] threads = Volatile.Read(ref _threads);
            return (uint)number < (uint)threads.Length && threads[number] is { } own ? own : Create(number);
        }
    }

    public long Failures => Interlocked.Read(ref _failures);

    public long CallerFaults => Interlocked.Read(ref _callerFaults);

    public void AddFailure() => Interlocked.Increment(ref _failures);

    public void AddCallerFault() => Interlocked.Increment(ref _callerFaults);

    /// <summary>The sums since the version was loaded.</summary>
    public UsageCounts Read()
    {
        UsageCounts sums = new();
        foreach (ThreadUsage? thread in Volatile.Read(ref _threads))
        {
            thread?.AddTo(sums);
        }

        (sums[UsageCounts.Failures], sums[UsageCounts.CallerFaults]) = (Failures, CallerFaults);
        return sums;
    }

    // A larger array keeps the counts of the smaller one, so that none is lost.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ThreadUsage Create(int number)
    {
        lock (_resizing)
        {
            ThreadUsage?[] threads = [.. _threads, .. new ThreadUsage?[Math.Max(0, number + 1 - _threads.Length)]];
            ThreadUsage own = threads[number] ??= new ThreadUsage(number);
            Volatile.Write(ref _threads, threads);
            return own;
        }
    }
}
