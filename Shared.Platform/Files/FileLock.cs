namespace Shared.Platform.Files;

/// <summary>A lock that one holder has at a time, across threads and processes. The system frees it when the holder's process ends,
/// however it ends.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(20);
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int WindowsLockViolation = unchecked((int)0x80070021);
    private const int LinuxWouldBlock = 11;
    private const int BsdWouldBlock = 35;

    private readonly FileStream _held;

    private FileLock(FileStream held) => _held = held;

    /// <returns>Null when another holds the lock, and for no other reason.</returns>
    /// <exception cref="IOException">The file cannot be created or opened: no folder, no space, too many open files, a read-only disk.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not open the file.</exception>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (IsHeld(error))
        {
            return null;
        }
    }

    /// <summary>Waits until the lock is free.</summary>
    /// <exception cref="IOException">Another held the lock for <see cref="LockWait.Maximum"/>, or the file cannot be created or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not open the file.</exception>
    public static async Task<FileLock> AcquireAsync(string path, LockWait wait, CancellationToken cancellationToken)
    {
        long start = wait.TimeProvider.GetTimestamp();
        bool reported = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } held)
            {
                return held;
            }

            TimeSpan waited = wait.TimeProvider.GetElapsedTime(start);
            if (!reported && waited >= wait.ReportAfter)
            {
                wait.Report?.Invoke(
                    $"another process or task holds the lock '{path}'; waiting for " +
                        $"it{(wait.Maximum is { } most ? $", at most {most.TotalSeconds:0} s" : "")}");
                reported = true;
            }

            if (waited >= wait.Maximum)
            {
                throw new IOException(
                    $"Another process or task holds the lock '{path}' and is not done after " +
                        $"{wait.Maximum.Value.TotalSeconds:0} s. Nothing was changed.");
            }

            await Task.Delay(RetryDelay, wait.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    // .NET gives the error number of Unix as it is.
    private static bool IsHeld(IOException error) => OperatingSystem.IsWindows()
        ? error.HResult is WindowsSharingViolation or WindowsLockViolation
        : error.HResult == (OperatingSystem.IsLinux() ? LinuxWouldBlock : BsdWouldBlock);

    // The file stays: deleting it would let two holders lock two files of one name.
    public void Dispose() => _held.Dispose();
}
