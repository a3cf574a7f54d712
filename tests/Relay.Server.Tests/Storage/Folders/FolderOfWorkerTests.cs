using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Storage.Folders;

/// <summary>A process that trains on another machine adds artifacts, and what its runs write.</summary>
public sealed class FolderOfWorkerTests : IDisposable
{
    private readonly FolderScene _scene = new();
    private readonly DataFolder _worker;

    public FolderOfWorkerTests()
    {
        _worker = _scene.Create("worker");
        _scene.Keep(StoredFolders.Follow(_worker, FolderAccess.AddArtifacts));
    }

    private DataFolder First => _scene.First;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Put_ArtifactOfAWorker_TheRelayReadsItAndGoesOn()
    {
        string sha256 = new ArtifactStore(_worker).Put("a model of the worker"u8);

        Assert.Equal("a model of the worker"u8, new ArtifactStore(First).Read(sha256));
        FolderScene.Write(First, "repository/metadata/timestamp.json", "second");
        Assert.Equal("second", FolderScene.Read(First, "repository/metadata/timestamp.json"));
    }

    [Fact]
    public void Change_OfWhatIsTheRelays_IsRefused()
    {
        Assert.Throws<IOException>(() => FolderScene.Write(_worker, "keys/timestamp.pem", "a key of the worker"));
        Assert.Throws<IOException>(() => new DurableFiles().Delete(Path.Combine(_worker.Root, "artifacts", new string('a', 64))));

        Assert.Equal("a key", FolderScene.Read(_worker, "keys/timestamp.pem"));
        Assert.Equal("a model", FolderScene.Read(First, "artifacts/" + new string('a', 64)));
    }

    [Fact]
    public void TryDelete_ArtifactThatAWorkerPlacedAgain_Stays()
    {
        ArtifactStore artifacts = new(First);
        string sha256 = artifacts.Put("a model that two runs make"u8);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        artifacts.Touch(sha256, now.AddDays(-30));
        FileInfo unreferenced = Assert.Single(
            artifacts.FindUnreferenced(new HashSet<string>(), now.AddDays(-1)), file => file.Name == sha256);

        Assert.Equal(sha256, new ArtifactStore(_worker).Put("a model that two runs make"u8));

        Assert.False(artifacts.TryDelete(unreferenced, now.AddDays(-1)));
        Assert.Equal("a model that two runs make"u8, new ArtifactStore(First).Read(sha256));
    }

    [Fact]
    public void Put_ArtifactThatTheRelayDeletedMeanwhile_IsThereAgain()
    {
        string sha256 = new ArtifactStore(_worker).Put("a model that no version has"u8);
        string path = new ArtifactStore(First).GetPath(sha256);
        new DurableFiles().Delete(path);

        new ArtifactStore(_worker).Put("a model that no version has"u8);

        Assert.Equal("a model that no version has"u8, new ArtifactStore(First).Read(sha256));
    }

    [Fact]
    public void TryFetch_FileOfARun_IsTheNewestAndNoneThatIsOlder()
    {
        string log = Path.Combine(_worker.Runs, "1-1.log");
        string here = Path.Combine(First.Runs, "1-1.log");
        File.WriteAllText(log, "one\n");
        FileJournals.Find(log)!.Put(log);
        Assert.True(FileJournals.Find(here)!.TryFetch(here));
        Assert.Equal("one\n", File.ReadAllText(here));

        // The worker writes on; what it has not put down yet is newer than what others have.
        File.WriteAllText(log, "one\ntwo\n");
        Assert.True(FileJournals.Find(log)!.TryFetch(log));
        Assert.Equal("one\ntwo\n", File.ReadAllText(log));

        FileJournals.Find(log)!.Put(log);
        Assert.True(FileJournals.Find(here)!.TryFetch(here));
        Assert.Equal("one\ntwo\n", File.ReadAllText(here));
        Assert.Contains(here, FileJournals.Find(here)!.List(First.Runs));
    }
}
