using Shared.Platform.Files;

namespace Shared.Platform.Tests.Files;

/// <summary>A file gets a name that no file has, as a whole, or no name.</summary>
public sealed class FileCreationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("platform-test-").FullName;
    private readonly List<FileOperation> _after = [];
    private readonly DurableFiles _files;

    public FileCreationTests() => _files = new(afterStep: step => _after.Add(step.Operation));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TryCreate_FreeName_FlushedBeforeItHasTheNameAndNoOtherFile()
    {
        string path = Path.Combine(_folder, "file");

        Assert.True(_files.TryCreate(path, "new"u8, DurableFiles.OwnerFile));

        Assert.Equal(
            [
                FileOperation.Create, FileOperation.Write, FileOperation.Write, FileOperation.Flush, FileOperation.Link, FileOperation.FlushFolder,
                FileOperation.Delete,
            ],
            _after);
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == DurableFiles.OwnerFile);
    }

    /// <summary>A second process takes the name after this one has looked.</summary>
    [Theory]
    [InlineData(nameof(FileOperation.Create))]
    [InlineData(nameof(FileOperation.Link))]
    public void TryCreate_NameIsTakenMeanwhile_TheOtherFileStays(string before)
    {
        string path = Path.Combine(_folder, "file");
        DurableFiles files = new(step =>
        {
            if (step.Operation.ToString() == before)
            {
                File.WriteAllText(path, "other");
            }
        });

        Assert.False(files.TryCreate(path, "new"u8));

        Assert.Equal("other", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void TryCreate_DiskIsFull_LeavesNothing()
    {
        DurableFiles files = new(step => Throw(step.Operation is FileOperation.Flush));

        Assert.Throws<IOException>(() => files.TryCreate(Path.Combine(_folder, "file"), "new"u8));

        Assert.Empty(Directory.GetFiles(_folder));

        static void Throw(bool isFull) => _ = isFull ? throw new IOException("The disk is full.") : 0;
    }
}
