using System.Diagnostics;
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

        Task<FileLock> second = FileLock.AcquireAsync(LockPath, new(), CancellationToken.None);
        Assert.False(second.IsCompleted);
        held.Dispose();

        (await second.WaitAsync(TimeSpan.FromSeconds(30))).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_HeldAndCanceled_EndsTheWait()
    {
        using FileLock held = FileLock.TryAcquire(LockPath)!;
        using CancellationTokenSource cancellation = new();

        Task<FileLock> second = FileLock.AcquireAsync(LockPath, new(), cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public async Task AcquireAsync_HeldForLong_SaysSoOnceAndGoesOnWaiting()
    {
        FileLock held = FileLock.TryAcquire(LockPath)!;
        List<string> lines = [];
        TaskCompletionSource said = new();
        LockWait wait = new()
        {
            ReportAfter = TimeSpan.FromMilliseconds(1),
            Report = line =>
            {
                lines.Add(line);
                said.TrySetResult();
            },
        };

        Task<FileLock> second = FileLock.AcquireAsync(LockPath, wait, CancellationToken.None);
        await said.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(second.IsCompleted);
        held.Dispose();
        (await second.WaitAsync(TimeSpan.FromSeconds(30))).Dispose();

        Assert.Contains(LockPath, Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcquireAsync_HeldForLongerThanTheMaximum_EndsWithAnErrorThatNamesTheLock()
    {
        using FileLock held = FileLock.TryAcquire(LockPath)!;

        IOException error = await Assert.ThrowsAsync<IOException>(
            () => FileLock.AcquireAsync(LockPath, new() { Maximum = TimeSpan.FromMilliseconds(1) }, CancellationToken.None));

        Assert.Contains(LockPath, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The system refuses to open a program that runs: an error that is not "another holds the lock".</summary>
    [Fact]
    public async Task Acquire_FileThatCannotBeOpened_ThrowsAndDoesNotWait()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems open a program that runs, or do not run it");
        File.Copy("/bin/sleep", LockPath);
        using Process running = Process.Start(LockPath, "60");
        try
        {
            Assert.Throws<IOException>(() => FileLock.TryAcquire(LockPath));
            await Assert.ThrowsAsync<IOException>(
                () => FileLock.AcquireAsync(LockPath, new(), TestContext.Current.CancellationToken).WaitAsync(
                    TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }
        finally
        {
            running.Kill();
            await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void TryAcquire_FolderInItsPlace_Throws()
    {
        Directory.CreateDirectory(LockPath);

        Assert.Throws<UnauthorizedAccessException>(() => FileLock.TryAcquire(LockPath));
    }

    [Fact]
    public void TryAcquire_FolderThatIsMissing_Throws() =>
        Assert.Throws<DirectoryNotFoundException>(() => FileLock.TryAcquire(Path.Combine(_folder, "none", "lock")));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
