using System.Data.Common;
using Dapper;
using Relay.Server.Models;
using Relay.Server.Retention;
using Relay.Server.Storage;
using Relay.Server.Training;
using Relay.Server.Training.Records;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Retention;

/// <summary>Training runs that go by the rules.</summary>
public sealed class RunDeletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();
    private readonly RelayDatabase _database;
    private readonly TrainingRunStore _runs;
    private readonly RunFiles _files;
    private readonly RunDeletion _deletion;

    public RunDeletionTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        new ModelStore(_database, _clock).TryAdd(SmallModel.Spec());
        new ModelStore(_database, _clock).TryAdd(SmallModel.Spec("other"));
        _runs = new TrainingRunStore(_database, _clock);
        _files = new RunFiles(new DataFolder(_folder.FullPath));
        _deletion = new RunDeletion(_database, _files, _clock);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void DeleteExpired_AfterTheDays_DeletesWhatEndedBefore()
    {
        long old = AddEnded(SmallModel.Name);
        _clock.Advance(TimeSpan.FromDays(9));
        long young = AddEnded(SmallModel.Name);
        _clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal([old], _deletion.FindExpired(new() { RunDays = 10 }));
        Assert.Equal([old], _deletion.DeleteExpired(new() { RunDays = 10 }, default));

        Assert.Null(_runs.Find(old));
        Assert.NotNull(_runs.Find(young));
        Assert.Empty(_deletion.DeleteExpired(new() { RunDays = 10 }, default));
    }

    [Fact]
    public void DeleteExpired_BeyondTheNumber_KeepsTheNewestOfEachModel()
    {
        long[] small = [.. Enumerable.Range(0, 4).Select(_ => AddEnded(SmallModel.Name))];
        long other = AddEnded("other");

        Assert.Equal(small[..2], _deletion.DeleteExpired(new() { RunDays = 0, KeepRuns = 2 }, default));

        Assert.NotNull(_runs.Find(other));
    }

    [Fact]
    public void DeleteExpired_ManyRuns_DeletesAllAndEntersEach()
    {
        long[] ids = [.. Enumerable.Range(0, 205).Select(_ => AddEnded(SmallModel.Name))];

        Assert.Equal(ids[..^1], _deletion.DeleteExpired(new() { RunDays = 0, KeepRuns = 1 }, default));

        using DbConnection connection = _database.Open();
        string log = string.Join('\n', connection.Query<string>("SELECT line FROM audit_log WHERE action = 'training runs deleted'"));
        Assert.Contains($"{ids[0]}, {ids[1]}", log, StringComparison.Ordinal);
        Assert.Contains($"{ids[^2]}", log, StringComparison.Ordinal);
    }

    [Fact]
    public void DeleteExpired_RunsThatAreNeeded_Stay()
    {
        long queued = _runs.TryAdd(SmallModel.Spec(), SmallModel.Data)!.Id;
        long ofVersion = AddEnded(SmallModel.Name, version: 1);
        long highest = AddEnded(SmallModel.Name, version: 2);
        long ofTrigger = AddEnded(SmallModel.Name);
        using (DbConnection connection = _database.Open())
        {
            connection.Execute(
                "INSERT INTO model_versions (model, version, run_id, sha256, size_bytes, signature_sha256, card, created_at) "
                + "VALUES ('small', 1, @ofVersion, 'a', 1, 'b', '{}', 0)", new { ofVersion });
            connection.Execute(
                "INSERT INTO training_triggers (model, data, rule, created_at, mark, run) VALUES ('small', '{}', '{}', 0, 0, @ofTrigger)",
                new { ofTrigger });
        }

        long free = AddEnded(SmallModel.Name);
        _clock.Advance(TimeSpan.FromDays(100));

        Assert.Equal([free], _deletion.DeleteExpired(new() { RunDays = 1, KeepRuns = 1 }, default));

        Assert.All((long[])[queued, ofVersion, highest, ofTrigger], id => Assert.NotNull(_runs.Find(id)));
    }

    [Fact]
    public void DeleteExpired_ArchivedModelOrNoRule_DeletesNothing()
    {
        AddEnded(SmallModel.Name);
        _clock.Advance(TimeSpan.FromDays(10_000));
        Assert.Empty(_deletion.DeleteExpired(RetentionRules.None, default));

        new ModelStore(_database, _clock).TryArchive(SmallModel.Name, by: null);

        Assert.Empty(_deletion.DeleteExpired(new() { RunDays = 1 }, default));
    }

    [Fact]
    public void DeleteExpired_RunsWithLogs_TakesTheirFilesAlong()
    {
        long gone = AddEnded(SmallModel.Name);
        long stays = AddEnded(SmallModel.Name);
        string[] files = [.. ((long[])[gone, stays]).Select(id => _files.LogOf(id, _runs.Find(id)!.CreatedAt))];
        Array.ForEach(files, file => File.WriteAllText(file, "a line\n"));

        _deletion.DeleteExpired(new() { RunDays = 0, KeepRuns = 1 }, default);

        Assert.Equal([false, true], files.Select(File.Exists));
    }

    /// <summary>The process ended between the deletion of a run and of its files, or the database came back from a backup.</summary>
    [Fact]
    public void DeleteUnknown_FilesOfNoRun_AreDeletedAndNoOthers()
    {
        long known = AddEnded(SmallModel.Name);
        DateTimeOffset at = _runs.Find(known)!.CreatedAt;
        string[] files = [_files.LogOf(known, at), _files.CurveOf(known, at), _files.LogOf(known, at.AddMilliseconds(1)), _files.LogOf(77, at)];
        Array.ForEach(files, file => File.WriteAllText(file, "a line\n"));

        _files.DeleteUnknown(_database);

        Assert.Equal([true, true, false, false], files.Select(File.Exists));
    }

    private long AddEnded(string model, int? version = null)
    {
        long id = _runs.TryAdd(SmallModel.Spec(model), SmallModel.Data)!.Id;
        using DbConnection connection = _database.Open();
        connection.Execute(
            "UPDATE training_runs SET state = 'failed', version = @version, finished_at = @Now WHERE id = @id",
            new { id, version, Now = Instant.Now(_clock) });
        return id;
    }
}
