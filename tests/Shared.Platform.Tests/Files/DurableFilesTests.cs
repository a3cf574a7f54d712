using Shared.Platform.Files;

namespace Shared.Platform.Tests.Files;

public sealed partial class DurableFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("platform-test-").FullName;
    private readonly List<FileOperation> _before = [];
    private readonly List<FileOperation> _after = [];
    private readonly DurableFiles _files;

    public DurableFilesTests() => _files = new(step => _before.Add(step.Operation), step => _after.Add(step.Operation));

    [Fact]
    public void Replace_OldFile_IsFlushedBeforeItHasTheNameAndItsFolderAfterwards()
    {
        string path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "old and longer");

        _files.Replace(path, "new"u8);

        FileOperation[] expected =
        [
            FileOperation.Create, FileOperation.Write, FileOperation.Write, FileOperation.Flush, FileOperation.Rename, FileOperation.FlushFolder,
        ];
        Assert.Equal(expected, _before);
        Assert.Equal(expected, _after);
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void TryLink_FlushedFile_IsOneFileUnderBothNames()
    {
        string path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "old");

        Assert.True(_files.TryLink(path, path + ".2"));

        Assert.Equal([FileOperation.Link, FileOperation.FlushFolder], _after);
        File.WriteAllText(path, "new");
        Assert.Equal("new", File.ReadAllText(path + ".2"));
        File.Delete(path);
        Assert.Equal("new", File.ReadAllText(path + ".2"));
    }

    [Fact]
    public void TryLink_NameIsTakenOrFileIsMissing_ChangesNothing()
    {
        string path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "one");
        File.WriteAllText(path + ".2", "two");

        Assert.False(_files.TryLink(path, path + ".2"));
        Assert.False(_files.TryLink(path + ".3", path + ".4"));

        Assert.Equal("two", File.ReadAllText(path + ".2"));
        Assert.False(File.Exists(path + ".4"));
    }

    [Fact]
    public void Write_OverALongerFile_LeavesNothingOfIt()
    {
        string path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "old and longer");

        _files.Write(path, "new"u8);

        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void Write_FileOfTheOwner_IsForTheOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such permissions");
            return;
        }

        string path = Path.Combine(_folder, "made", "file");

        _files.CreateFolder(Path.GetDirectoryName(path)!, DurableFiles.OwnerFolder);
        _files.Write(path, "secret"u8, DurableFiles.OwnerFile);

        Assert.Equal(DurableFiles.OwnerFile, File.GetUnixFileMode(path));
        Assert.Equal(DurableFiles.OwnerFolder, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task WriteAsync_Stream_IsFlushed()
    {
        string path = Path.Combine(_folder, "file");

        await _files.WriteAsync(path, async file => await file.WriteAsync("new"u8.ToArray()));

        Assert.Equal([FileOperation.Create, FileOperation.Flush], _after);
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void Write_Stream_IsFlushed()
    {
        string path = Path.Combine(_folder, "file");

        _files.Write(path, file => file.Write("new"u8));

        Assert.Equal([FileOperation.Create, FileOperation.Flush], _after);
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void Write_DiskFullHalfWay_FreesTheFile()
    {
        string path = Path.Combine(_folder, "file");
        foreach (FileOperation operation in (FileOperation[])[FileOperation.Write, FileOperation.Flush])
        {
            DurableFiles full = new(step =>
            {
                if (step.Operation == operation)
                {
                    throw new IOException();
                }
            });
            Assert.Throws<IOException>(() => full.Write(path, "new"u8));
        }

        _files.Write(path, "newer"u8);
        Assert.Equal("newer", File.ReadAllText(path));
    }

    [Fact]
    public void Open_FileOfAnEarlierAttempt_GoesOnAtItsEnd()
    {
        string path = Path.Combine(_folder, "file.part");
        using (PartFile part = _files.Open(path))
        {
            part.Append("half"u8);
        }

        using (PartFile part = _files.Open(path))
        {
            Assert.Equal(4, part.Length);
            part.Append("whole"u8);
            part.Flush();
        }

        Assert.Equal("halfwhole", File.ReadAllText(path));
    }

    [Fact]
    public void Folders_AreMadeRenamedAndDeletedDurably()
    {
        string folder = Path.Combine(_folder, "made", "within");

        _files.CreateFolder(folder);
        _files.RenameFolder(folder, folder + "-final");
        _files.DeleteFolder(folder + "-final");
        _files.DeleteFolder(folder);

        Assert.Equal(
            [
                FileOperation.CreateFolder, FileOperation.FlushFolder, FileOperation.CreateFolder, FileOperation.FlushFolder,
                FileOperation.RenameFolder, FileOperation.FlushFolder, FileOperation.DeleteFolder,
            ],
            _after);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder, "made")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
