using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage;

public sealed class WriteTurnsTests : IDisposable
{
    private const int Writes = 20;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Take_WriterThatAsksAgainAtOnce_ComesAfterOneThatWaits()
    {
        WriteTurns turns = new();
        List<string> order = [];
        WriteTurns.Turn held = turns.Take();
        Thread storm = Start("storm", "storm again");
        await WaitsAsync(storm);
        Thread other = Start("other");
        await WaitsAsync(other);

        held.Dispose();
        storm.Join();
        other.Join();

        Assert.Equal(["storm", "other", "storm again"], order);

        Thread Start(params string[] names)
        {
            Thread thread = new(() =>
            {
                foreach (string name in names)
                {
                    using WriteTurns.Turn turn = turns.Take();
                    order.Add(name);
                }
            });
            thread.Start();
            return thread;
        }
    }

    [Fact]
    public async Task Write_ManyWritersAtOnce_AllCommitOneAfterTheOther()
    {
        using RelayDatabase database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        (int inside, int most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, Writes).Select(_ => Task.Run(() => database.Write((_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Interlocked.Decrement(ref inside);
            return 0;
        }))));

        Assert.Equal(1, most);
    }

    [Fact]
    public void Write_AfterOneThatFailed_GetsItsTurn()
    {
        using RelayDatabase database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));

        Assert.Throws<InvalidOperationException>(() => database.Write<int>((_, _) => throw new InvalidOperationException()));
        Assert.Equal(5, database.Write((_, _) => 5));
    }

    private static Task WaitsAsync(Thread thread) =>
        Eventually.TrueAsync(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the thread waits for its turn");
}
