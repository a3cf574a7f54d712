using Sync.Client.Runtime;

namespace Sync.Client.Tests.Runtime;

public sealed class LeaseTests
{
    private int _freed;

    [Fact]
    public void Retire_NobodyInside_FreesAtOnce()
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
        Assert.True(lease.TryEnter(out int stripe));

        lease.Retire();
        Assert.Equal(0, _freed);
        Assert.False(lease.TryEnter(out _));
        Assert.Equal(0, _freed);
        lease.Leave(stripe);

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
                while (lease.TryEnter(out int stripe))
                {
                    Interlocked.Add(ref insideAfterFree, Volatile.Read(ref freed));
                    lease.Leave(stripe);
                }
            }))];
            lease.Retire();
            await Task.WhenAll(callers);
            Assert.Equal((1, 0), (freed, insideAfterFree));
        }
    }
}
