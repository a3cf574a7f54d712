using System.Data.Common;
using Dapper;
using Relay.Server.Models;
using Relay.Server.Storage;
using Relay.Server.Training;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Training;

/// <summary>States of runs as a restart finds them: claimed and never ended, as a kill leaves them.</summary>
public sealed class TrainingRunStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RelayDatabase _database;
    private readonly TrainingRunStore _runs;

    public TrainingRunStoreTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        new ModelStore(_database, new TestClock()).TryAdd(SmallModel.Spec());
        _runs = new TrainingRunStore(_database, new TestClock());
    }

    [Fact]
    public void ClaimNext_TwoQueued_TakesTheOlderOneAndEachOnce()
    {
        new ModelStore(_database, new TestClock()).TryAdd(SmallModel.Spec("other"));
        TrainingRun first = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data)!;
        TrainingRun second = _runs.TryAdd(SmallModel.Spec("other"), SmallModel.Data)!;

        Assert.Equal([first.Id, second.Id], [_runs.ClaimNext()!.Id, _runs.ClaimNext()!.Id]);
        Assert.Null(_runs.ClaimNext());
    }

    /// <summary>A run knows its version from the start: two of one model at once would have the same.</summary>
    [Fact]
    public void ClaimNext_ModelThatIsBeingTrained_WaitsForItsEnd()
    {
        TrainingRun first = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data)!;
        TrainingRun second = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data)!;

        Assert.Equal(first.Id, _runs.ClaimNext()!.Id);
        Assert.Null(_runs.ClaimNext());
        _runs.Cancel(first.Id);
        Assert.Equal(second.Id, _runs.ClaimNext()!.Id);
    }

    [Fact]
    public void ClaimNext_RunThatThisVersionCannotRead_FailsAndTheNextIsTaken()
    {
        TrainingRun unreadable = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data)!;
        TrainingRun next = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data)!;
        using (DbConnection connection = _database.Open())
        {
            connection.Execute(
                "UPDATE training_runs SET spec = json_set(spec, '$.task', 'of-a-newer-version') WHERE id = @Id", new { unreadable.Id });
        }

        Assert.Equal(next.Id, _runs.ClaimNext()!.Id);

        unreadable = _runs.Find(unreadable.Id)!;
        Assert.Equal((TrainingRunState.Failed, nameof(TrainingFault.InvalidSpec)), (unreadable.State, unreadable.Problem!.Fault));
        Assert.Contains("$.task", unreadable.Problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data", "no JSON")]
    [InlineData("data", "[1]")]
    [InlineData("data", "null")]
    [InlineData("data", "{\"simulator\":{\"seed\":\"x\"}}")]
    public void ListAndFind_RowThatCannotBeRead_ShowTheRestOfItAndTheOthers(string column, string value)
    {
        TrainingRun damaged = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data, "key-1")!;
        TrainingRun whole = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data)!;
        using (DbConnection connection = _database.Open())
        {
            connection.Execute($"UPDATE training_runs SET {column} = @value WHERE id = @Id", new { value, damaged.Id });
        }

        TrainingRun found = _runs.Find(damaged.Id)!;

        Assert.Equal([whole.Id, damaged.Id], _runs.List(TrainingRunFilter.All, null, 10).Select(run => run.Id));
        Assert.Equal(
            (damaged.Model, TrainingRunState.Queued, "key-1", new TrainingDataSource()), (found.Model, found.State, found.StartedBy, found.Data));
        Assert.Equal(whole.Id, _runs.ClaimNext()!.Id);
        Assert.Equal(TrainingRunState.Failed, _runs.Find(damaged.Id)!.State);
    }

    [Fact]
    public void Recover_InterruptedRun_IsQueuedAgain()
    {
        TrainingRun run = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data)!;
        _runs.ClaimNext();

        int recovered = _runs.Recover();

        Assert.Equal(1, recovered);
        Assert.Equal(run.Id, _runs.ClaimNext()!.Id);
    }

    [Fact]
    public void Recover_RunCancelledBeforeTheKill_StaysCancelled()
    {
        TrainingRun run = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data)!;
        _runs.ClaimNext();
        _runs.RequestCancel(run.Id);

        _runs.Recover();

        Assert.Equal(TrainingRunState.Cancelled, _runs.Find(run.Id)!.State);
        Assert.Null(_runs.ClaimNext());
    }

    [Fact]
    public void Recover_RunThatKeepsKillingTheProcess_FailsInTheEnd()
    {
        TrainingRun run = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data)!;
        for (int i = 0; i < TrainingRunStore.MaximumAttempts; i++)
        {
            Assert.NotNull(_runs.ClaimNext());
            _runs.Recover();
        }

        Assert.Equal(TrainingRunState.Failed, _runs.Find(run.Id)!.State);
        Assert.Equal("Interrupted", _runs.Find(run.Id)!.Problem!.Fault);
    }

    [Fact]
    public void Requeue_OrderlyStop_DoesNotCountAsAnAttempt()
    {
        TrainingRun run = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data)!;
        for (int i = 0; i < 2 * TrainingRunStore.MaximumAttempts; i++)
        {
            _runs.ClaimNext();
            _runs.Requeue(run.Id);
        }

        _runs.Recover();

        Assert.Equal(TrainingRunState.Queued, _runs.Find(run.Id)!.State);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
