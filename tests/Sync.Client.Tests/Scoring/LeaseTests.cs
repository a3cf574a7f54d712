using Shared.Scoring.Threads;
using Sync.Client.Scoring;

namespace Sync.Client.Tests.Scoring;

public sealed class LeaseTests
{
    private int _freed;

    [Fact]
    public void Retire_NoCallInside_FreesAtOnce()
    {
        Lease lease = new(() => _freed++);

        lease.Retire();

        Assert.Equal(1, _freed);
        Assert.False(lease.TryEnter(out _));
        Assert.Equal(1, _freed);
    }

    [Fact]
    public void Retire_CallInside_FreesWhenItLeaves()
    {
        Lease lease = new(() => _freed++);
        Assert.True(lease.TryEnter(out ThreadSlot? slot));

        lease.Retire();
        Assert.Equal(0, _freed);
        Assert.False(lease.TryEnter(out _));
        Assert.Equal(0, _freed);
        lease.Leave(slot);

        Assert.Equal(1, _freed);
    }

    [Fact]
    public void Leave_CallWithinACall_FreesWhenTheOuterOneLeaves()
    {
        Lease lease = new(() => _freed++);
        Assert.True(lease.TryEnter(out ThreadSlot? outer));
        Assert.True(lease.TryEnter(out ThreadSlot? inner));

        lease.Retire();
        lease.Leave(inner);
        Assert.Equal(0, _freed);
        lease.Leave(outer);

        Assert.Equal(1, _freed);
    }

    [Fact]
    public void Leave_CallWithinACallOfAnother_FreesEachWhenItsOwnCallLeaves()
    {
        int innerFreed = 0;
        Lease outerLease = new(() => _freed++);
        Lease innerLease = new(() => innerFreed++);
        Assert.True(outerLease.TryEnter(out ThreadSlot? outer));
        Assert.True(innerLease.TryEnter(out ThreadSlot? inner));

        outerLease.Retire();
        innerLease.Retire();
        Assert.Equal((0, 0), (_freed, innerFreed));
        innerLease.Leave(inner);
        Assert.Equal((0, 1), (_freed, innerFreed));
        outerLease.Leave(outer);

        Assert.Equal((1, 1), (_freed, innerFreed));
    }

    [Fact]
    public void Retire_CallInsideOnAnotherThread_FreesWhenThatLeaves()
    {
        Lease lease = new(() => Interlocked.Increment(ref _freed));
        using ManualResetEventSlim entered = new();
        using ManualResetEventSlim mayLeave = new();
        Thread caller = new(() =>
        {
            lease.TryEnter(out ThreadSlot? slot);
            entered.Set();
            mayLeave.Wait();
            lease.Leave(slot);
        });
        caller.Start();
        entered.Wait();

        lease.Retire();
        Assert.Equal(0, Volatile.Read(ref _freed));
        mayLeave.Set();
        caller.Join();

        Assert.Equal(1, _freed);
    }

    [Fact]
    public async Task TryEnter_ManyThreadsWhileRetired_NeverInsideAfterFree()
    {
        for (int round = 0; round < 200; round++)
        {
            int freed = 0;
            int insideAfterFree = 0;
            Lease lease = new(() => Interlocked.Increment(ref freed));
            Task[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                while (lease.TryEnter(out ThreadSlot? slot))
                {
                    Interlocked.Add(ref insideAfterFree, Volatile.Read(ref freed));
                    lease.Leave(slot);
                }
            }))];
            lease.Retire();
            await Task.WhenAll(callers);
            Assert.Equal((1, 0), (freed, insideAfterFree));
        }
    }
}
