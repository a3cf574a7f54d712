using Shared.Platform.Files;

namespace Shared.Platform.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("platform-test-").FullName;

    private string LockPath => Path.Combine(_folder, "lock");

    [Fact]
    public void TryAcquire_Held_IsNullUntilItIsFree()
    {
        FileLock held = FileLock.TryAcquire(LockPath)!;

        FileLock? second = FileLock.TryAcquire(LockPath);
        held.Dispose();
        using FileLock? third = FileLock.TryAcquire(LockPath);

        Assert.Null(second);
        Assert.NotNull(third);
    }

    [Fact]
    public async Task AcquireAsync_Held_WaitsUntilItIsFree()
    {
        FileLock held = FileLock.TryAcquire(LockPath)!;

        Task<FileLock> second = FileLock.AcquireAsync(LockPath, CancellationToken.None);
        Assert.False(second.IsCompleted);
        held.Dispose();

        (await second.WaitAsync(TimeSpan.FromSeconds(30))).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_HeldAndCanceled_EndsTheWait()
    {
        using FileLock held = FileLock.TryAcquire(LockPath)!;
        using CancellationTokenSource cancellation = new();

        Task<FileLock> second = FileLock.AcquireAsync(LockPath, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public void TryAcquire_FolderThatIsMissing_Throws() =>
        Assert.Throws<DirectoryNotFoundException>(() => FileLock.TryAcquire(Path.Combine(_folder, "none", "lock")));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
