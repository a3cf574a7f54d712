using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Relay.TestKit.Databases;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Storage.Folders;

/// <summary>The database has each change of a data folder before the disk, and every copy of the folder comes to the same state.</summary>
public sealed class StoredFolderTests : IDisposable
{
    private const string Timestamp = "repository/metadata/timestamp.json";
    private static readonly string Artifact = "artifacts/" + new string('b', 64);

    private readonly FolderScene _scene = new();

    private DataFolder First => _scene.First;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Follow_ChangesOfEveryKind_CopyIsTheSame()
    {
        DataFolder second = _scene.Create("second");
        StoredFolder copy = _scene.Keep(StoredFolders.Follow(second, FolderAccess.Follow));
        Assert.Equal(FolderScene.Describe(First), FolderScene.Describe(second));
        DurableFiles files = new();

        FolderScene.Write(First, Timestamp, "second");
        files.Replace(Path.Combine(First.Root, "keys/snapshot.pem"), "another key"u8, DurableFiles.OwnerFile);
        FolderScene.Write(First, "repository/pending/1/change.json", "waits");
        files.RenameFolder(Path.Combine(First.Root, "repository/pending/1"), Path.Combine(First.Root, "repository/pending/2"));
        FolderScene.Write(First, "repository/pending/3/change.json", "waits as well");
        files.DeleteFolder(Path.Combine(First.Root, "repository/pending/3"));
        Assert.True(files.TryLink(Path.Combine(First.Root, Timestamp), Path.Combine(First.Root, "repository/timestamps.json")));
        files.Delete(Path.Combine(First.Root, "keys/timestamp.pem"));

        Assert.True(copy.Follow());
        Assert.Equal(FolderScene.Describe(First), FolderScene.Describe(second));
        Assert.Single(Directory.GetFiles(Path.Combine(second.Root, "repository/pending"), "*", SearchOption.AllDirectories));
        Assert.False(copy.Follow());
    }

    [Fact]
    [Trait("Attack", "kill")]
    public void Apply_KilledBetweenDatabaseAndDisk_NextChangeBringsTheDiskForward()
    {
        DurableFiles killed = new(beforeStep: step => Stop(step.Operation is FileOperation.Rename));
        Assert.Throws<OperationCanceledException>(() => FolderScene.Write(First, Timestamp, "second", killed));
        Assert.Equal("first", FolderScene.Read(First, Timestamp));

        FolderScene.Write(First, Artifact, "another model");

        Assert.Equal("second", FolderScene.Read(First, Timestamp));
    }

    [Fact]
    [Trait("Attack", "kill")]
    public void TakeOver_AfterAKillBetweenDatabaseAndDisk_HasWhatTheDatabaseHas()
    {
        DurableFiles killed = new(beforeStep: step => Stop(step.Operation is FileOperation.Rename));
        Assert.Throws<OperationCanceledException>(() => FolderScene.Write(First, Timestamp, "second", killed));
        DataFolder second = _scene.Create("second");

        _scene.TakeOver(second);

        Assert.Equal("second", FolderScene.Read(second, Timestamp));
    }

    [Fact]
    [Trait("Attack", "two-processes")]
    public void Apply_AfterAnotherTookOver_ChangesNothing()
    {
        DataFolder second = _scene.Create("second");
        _scene.TakeOver(second);

        Assert.Throws<IOException>(() => FolderScene.Write(First, Timestamp, "of the relay that was replaced"));
        FolderScene.Write(second, Timestamp, "second");

        Assert.Equal(("first", "second"), (FolderScene.Read(First, Timestamp), FolderScene.Read(second, Timestamp)));
        Assert.True(_scene.Stored.Follow());
        Assert.Equal("second", FolderScene.Read(First, Timestamp));
    }

    [Fact]
    public void TakeOver_FilesThatAnOperatorPlaced_StayAndAreStoredOnRequest()
    {
        DataFolder second = _scene.Create("second");
        StoredFolder copy = _scene.Keep(StoredFolders.Follow(second, FolderAccess.Follow));
        File.WriteAllText(Path.Combine(First.Root, "signer.json"), "{}");
        File.WriteAllText(Path.Combine(First.Root, "keys/timestamp.pem"), "replaced by hand");
        FolderScene.Write(First, "repository/rotation/2.root.json", "a root");
        File.WriteAllText(Path.Combine(First.Root, "repository/rotation/2.root.json"), "a root that someone signed");

        _scene.Stored.TakeOver();
        FolderScene.Write(First, Timestamp, "second");
        Assert.Equal(("{}", "replaced by hand"), (FolderScene.Read(First, "signer.json"), FolderScene.Read(First, "keys/timestamp.pem")));
        copy.Follow();
        Assert.Equal((null, "a key"), (FolderScene.Read(second, "signer.json"), FolderScene.Read(second, "keys/timestamp.pem")));

        IEnumerable<string> stored = _scene.Stored.StorePlaced().Select(difference => difference.Name);
        Assert.Equal(["keys/timestamp.pem", "repository/rotation/2.root.json", "signer.json"], stored);
        copy.Follow();
        Assert.Equal(FolderScene.Describe(First), FolderScene.Describe(second));
    }

    [Fact]
    public void Open_DatabaseThatIsOlderThanTheFolder_IsRefused()
    {
        FolderScene.Write(First, Timestamp, "second");
        FolderScene.Write(First, Timestamp, "third");
        Execute("UPDATE relay_folder.state SET change = 1");

        RelayStartException refused = Assert.Throws<RelayStartException>(_scene.Stored.TakeOver);

        Assert.Contains("older", refused.Message, StringComparison.Ordinal);
        Assert.Equal("third", FolderScene.Read(First, Timestamp));
    }

    [Fact]
    public void Open_FolderWithFilesOfItsOwn_IsRefusedAndKeepsThem()
    {
        DataFolder other = _scene.Create("other");
        FolderScene.Write(other, Timestamp, "of another relay");

        Assert.Throws<RelayStartException>(() => StoredFolders.TakeOver(other));
        Assert.Throws<RelayStartException>(() => StoredFolders.Follow(other, FolderAccess.Follow));

        Assert.Equal("of another relay", FolderScene.Read(other, Timestamp));
    }

    [Fact]
    public void Open_FolderOfAnotherDatabase_IsRefused()
    {
        DataFolder elsewhere = new(First.Root, PostgresServer.Shared.CreateDatabase()) { FolderKeyFile = First.FolderKeyFile };

        RelayStartException refused = Assert.Throws<RelayStartException>(() => StoredFolders.TakeOver(elsewhere));

        Assert.Contains(FolderRecord.FileName, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>What a killed relay wrote for requests may be on its disk; its own start, or its end as asked, says that it is not.</summary>
    [Fact]
    [Trait("Attack", "samples-remains")]
    public void TakeOver_FromARelayThatWasKilled_NotesItsDiskUntilItStartsAgain()
    {
        StoredFolder second = _scene.TakeOver(_scene.Create("second"));
        string killed = Assert.Single(second.FindLeftovers());
        TemporaryCopies copies = new(First, stored: second);
        IReadOnlyList<string> before = copies.Find("any");
        Assert.True(copies.HasAnyOf(before));

        _scene.Stored.EndLeftovers(hasEnded: false);
        Assert.Equal(FolderRecord.Find(First.Root)!.Folder, killed);
        Assert.False(copies.HasAnyOf(before));

        second.EndLeftovers(hasEnded: true);
        Assert.Empty(_scene.TakeOver(_scene.Create("third")).FindLeftovers());
    }

    private void Execute(string sql) => PostgresServer.Shared.Execute(_scene.Server, sql);

    private static void Stop(bool isNow)
    {
        if (isNow)
        {
            throw new OperationCanceledException("killed");
        }
    }
}
