using Shared.Platform.Threads;

namespace Shared.Platform.Tests.Threads;

public sealed class BackgroundSchedulerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task RunAsync_NestedLoops_DoEveryPieceOnce(int threads)
    {
        using BackgroundScheduler scheduler = new("test", threads);

        int[] counts = await scheduler.RunAsync(() =>
        {
            int[] done = new int[100];
            Parallel.For(0, 10, ParallelWork.CreateOptions(8), i =>
                Parallel.For(0, 10, ParallelWork.CreateOptions(), j => Interlocked.Increment(ref done[(i * 10) + j])));
            return done;
        });

        Assert.All(counts, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task RunAsync_WorkThatThrows_FailsTheTaskWithItsException()
    {
        using BackgroundScheduler scheduler = new("test", 2);

        await Assert.ThrowsAsync<InvalidDataException>(() => scheduler.RunAsync<int>(() => throw new InvalidDataException()));
        await Assert.ThrowsAsync<OperationCanceledException>(() => scheduler.RunAsync<int>(() => throw new OperationCanceledException()));
    }

    [Fact]
    public async Task Dispose_AfterTheWork_EndsTheThreads()
    {
        Thread? other = null;
        using (BackgroundScheduler scheduler = new("test", 2))
        {
            using Barrier both = new(2);
            await scheduler.RunAsync(() =>
            {
                Thread own = Thread.CurrentThread;
                Parallel.For(0, 2, ParallelWork.CreateOptions(2), _ =>
                {
                    Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30)));
                    if (Thread.CurrentThread != own)
                    {
                        other = Thread.CurrentThread;
                    }
                });
                return 0;
            });
        }

        Assert.True(other!.Join(TimeSpan.FromSeconds(30)));
    }
}
