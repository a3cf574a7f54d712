using Shared.Platform.Files;

namespace Shared.Platform.Tests.Files;

// Whose a file is, and names that are taken.
public sealed partial class DurableFilesTests
{
    [Fact]
    public async Task WriteAsync_FileOfTheOwner_IsForTheOwnerOnlyFromItsFirstByteOn()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such permissions");
            return;
        }

        string path = Path.Combine(_folder, "file");
        UnixFileMode? first = null;
        DurableFiles files = new(afterStep: step => first ??= OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(step.Path));

        await files.WriteAsync(path, async file => await file.WriteAsync("secret"u8.ToArray()), DurableFiles.OwnerFile);

        Assert.Equal(DurableFiles.OwnerFile, first);
    }

    [Fact]
    public async Task WriteAsync_FileOfTheOwnerWhereOneIs_IsRefused()
    {
        string path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "of others");

        await Assert.ThrowsAsync<IOException>(() => _files.WriteAsync(path, _ => Task.CompletedTask, DurableFiles.OwnerFile));

        Assert.Equal("of others", File.ReadAllText(path));
    }

    [Fact]
    public void TryGiveName_NameIsTaken_LeavesTheFileThatHasIt()
    {
        string taken = Path.Combine(_folder, "taken");
        string temporary = Path.Combine(_folder, "temporary");
        File.WriteAllText(taken, "old");
        File.WriteAllText(temporary, "new");

        Assert.False(_files.TryGiveName(temporary, taken));
        Assert.True(_files.TryGiveName(temporary, Path.Combine(_folder, "free")));

        Assert.Equal("old", File.ReadAllText(taken));
        Assert.Equal("new", File.ReadAllText(Path.Combine(_folder, "free")));
    }
}
