using System.Collections.Concurrent;
using Shared.Platform.Threads;

namespace Shared.Platform.Tests.Threads;

/// <summary>A thread inherits the niceness of the one that starts it, and the pool's threads are started by threads that queue work:
/// background threads must start none.</summary>
public sealed class ThreadPoolNicenessTests : IDisposable
{
    private const int Threads = 16;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private readonly int _formerMinimum;

    public ThreadPoolNicenessTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems know priorities of .NET");

        // So that the pool starts a thread as soon as work is queued that no thread is free for.
        ThreadPool.GetMinThreads(out _formerMinimum, out int completionPorts);
        ThreadPool.SetMinThreads(_formerMinimum + (2 * Threads), completionPorts);
    }

    [Fact]
    public async Task Await_OfBackgroundThreads_GoesOnAtThePoolsOwnNiceness()
    {
        using CountdownEvent all = new(Threads);

        using ManualResetEventSlim attached = new();

        // A continuation that came too late for the thread to start it would run on this one.
        Task<int>[] continued = [.. Enumerable.Range(0, Threads).Select(_ => BackgroundThread.RunAsync(() => attached.Wait(Deadline), "test")
            .ContinueWith(
                _ => NicenessTogether(all), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default))];
        attached.Set();
        int[] seen = await Task.WhenAll(continued);

        Assert.All(seen, niceness => Assert.Equal(LinuxThreads.NicenessOfProcess, niceness));
    }

    [Fact]
    public async Task Queue_OnBackgroundThreads_RunsAtThePoolsOwnNiceness()
    {
        using CountdownEvent all = new(Threads);
        ConcurrentBag<int> seen = [];
        PoolHandover pool = PoolHandover.Instance;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => BackgroundThread.RunAsync(
            () =>
            {
                pool.Queue(() => seen.Add(NicenessTogether(all)));
                return 0;
            },
            "test")));

        Assert.True(all.Wait(Deadline));
        Assert.All(seen, niceness => Assert.Equal(LinuxThreads.NicenessOfProcess, niceness));
    }

    [Fact]
    public async Task RunAsync_ParallelWorkOnAScheduler_StaysOnItsThreads()
    {
        const int Sharing = 4;
        using BackgroundScheduler scheduler = new("test", Sharing);
        using Barrier all = new(Sharing);

        int[] seen = await scheduler.RunAsync(() =>
        {
            int[] niceness = new int[Sharing];
            Parallel.For(0, Sharing, ParallelWork.CreateOptions(Sharing), i =>
            {
                // No thread does the work of two.
                Assert.True(all.SignalAndWait(Deadline));
                niceness[i] = LinuxThreads.Niceness;
            });
            return niceness;
        });

        Assert.All(seen, niceness => Assert.Equal(Math.Min(19, LinuxThreads.NicenessOfProcess + BackgroundThread.Niceness), niceness));
    }

    public void Dispose()
    {
        ThreadPool.GetMinThreads(out _, out int completionPorts);
        ThreadPool.SetMinThreads(_formerMinimum, completionPorts);
    }

    // Returns when all are there: each has a pool thread of its own.
    private static int NicenessTogether(CountdownEvent all)
    {
        all.Signal();
        Assert.True(all.Wait(Deadline));
        return LinuxThreads.Niceness;
    }
}
