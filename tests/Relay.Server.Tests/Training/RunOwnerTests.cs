using System.Data.Common;
using Dapper;
using Relay.Server.Models;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.Server.Tests.Cards;
using Relay.Server.Training;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Training;

/// <summary>Runs of several processes on one database: each has one owner, which lives.</summary>
public sealed class RunOwnerTests : IDisposable
{
    private readonly string _server;
    private readonly PostgresDatabase _database;
    private readonly RunOwner _first;
    private readonly RunOwner _second;
    private readonly TrainingRunStore _ofFirst;
    private readonly TrainingRunStore _ofSecond;
    private readonly TrainingRun _run;

    public RunOwnerTests()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        _server = PostgresServer.Shared.CreateDatabase();
        _database = PostgresDatabase.Create(_server);
        (_first, _second) = (new(_database, isShared: true), new(_database, isShared: true));
        (_ofFirst, _ofSecond) = (new(_database, TimeProvider.System, _first), new(_database, TimeProvider.System, _second));
        new ModelStore(_database, TimeProvider.System).TryAdd(SmallModel.Spec());
        _run = _ofFirst.TryAdd(SmallModel.Spec(), SmallModel.Data)!;
        _first.Appear();
        _second.Appear();
    }

    public void Dispose()
    {
        _first?.Dispose();
        _second?.Dispose();
        _database?.Dispose();
    }

    [Fact]
    public void Recover_RunOfALivingOwner_StaysItsOwn()
    {
        Assert.Equal(_run.Id, _ofFirst.ClaimNext()!.Id);

        Assert.Equal(0, _ofSecond.Recover());
        Assert.Null(_ofSecond.ClaimNext());
        Assert.False(_ofFirst.IsToEnd(_run.Id));
        Assert.True(_ofFirst.Succeed(NewVersion(_run.Id)));
    }

    /// <summary>An owner that was thought dead comes back with a result: the run is another's, and one version is made.</summary>
    [Fact]
    public void Succeed_RunThatAnotherTookUp_StoresNothingOfTheOwnerBefore()
    {
        _ofFirst.ClaimNext();
        EndSessionOf(_first);

        Assert.Equal(1, _ofSecond.Recover());
        Assert.Equal(_run.Id, _ofSecond.ClaimNext()!.Id);

        Assert.True(_ofFirst.IsToEnd(_run.Id));
        Assert.False(_ofSecond.IsToEnd(_run.Id));
        Assert.False(_ofFirst.Succeed(NewVersion(_run.Id)));
        _ofFirst.Cancel(_run.Id);
        _ofFirst.Fail(_run.Id, new("Internal", "late"));
        _ofFirst.Requeue(_run.Id);
        Assert.Equal(TrainingRunState.Running, _ofFirst.Find(_run.Id)!.State);
        Assert.True(_ofSecond.Succeed(NewVersion(_run.Id)));
    }

    [Fact]
    public void Appear_SessionWasEnded_IsSeenAgainUnderAnotherNumber()
    {
        long? before = _first.Id;
        EndSessionOf(_first);

        _first.Appear();

        Assert.NotEqual(before, _first.Id);
        _ofFirst.ClaimNext();
        Assert.Equal(0, _ofSecond.Recover());
    }

    /// <summary>A newer relay has taken over: what this process would write is of a version before.</summary>
    [Fact]
    public void Appear_DatabaseOfANewerRelay_IsRefusedAndItsRunsAreFree()
    {
        _ofFirst.ClaimNext();
        Execute("UPDATE relay_database SET schema = schema + 1");

        Assert.Throws<RelayStartException>(_first.Appear);
        Assert.Throws<RelayStartException>(_first.Appear);

        Assert.Equal(1, _ofSecond.Recover());
    }

    [Fact]
    public void Join_DatabaseOfAnotherVersion_IsRefusedAndNotChanged()
    {
        using TemporaryFolder folder = new();
        Execute("UPDATE relay_database SET schema = schema - 1");

        RelayStartException refused = Assert.Throws<RelayStartException>(() => RelayDatabase.Join(new DataFolder(folder.FullPath, _server)));

        Assert.Contains("of another version than this process", refused.Message, StringComparison.Ordinal);
        using DbConnection connection = _database.Open();
        Assert.Equal(SchemaMigrations.Latest - 1, connection.ExecuteScalar<long>("SELECT schema FROM relay_database"));
    }

    /// <summary>A relay that is alone trains all runs: a process that was left from before takes none of them.</summary>
    [Fact]
    public void HasShared_RelayThatIsAlone_IsFalse()
    {
        Assert.False(_ofFirst.HasShared());

        ActiveRelay.Announce(_database, new Uri("https://10.0.0.5:60002"), TimeProvider.System);
        Assert.True(_ofFirst.HasShared());

        ActiveRelay.Withdraw(_database);
        Assert.False(_ofFirst.HasShared());
    }

    private static NewVersion NewVersion(long run) =>
        new(run, TestCards.Old() with { Name = SmallModel.Name, Version = 1 }, new string('b', 64));

    private void EndSessionOf(RunOwner owner) => Execute(
        $"""
        SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = {owner.Id}
        """);

    private void Execute(string sql) => PostgresServer.Shared.Execute(_server, sql);
}
