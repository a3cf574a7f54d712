namespace Shared.Platform.Files;

/// <summary>A lock that one holder has at a time, across threads and processes. The system frees it when the holder's process ends,
/// however it ends.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(20);
    private readonly FileStream _held;

    private FileLock(FileStream held) => _held = held;

    /// <returns>Null when another holds the lock. Any other error is thrown: a disk that is full or read-only is no other process.</returns>
    /// <exception cref="IOException">The file cannot be made or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened.</exception>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException refused) when (IsHeld(refused))
        {
            return null;
        }
    }

    public static async Task<FileLock> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } held)
            {
                return held;
            }

            await Task.Delay(RetryDelay, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    // EWOULDBLOCK of flock, which is 11 on Linux and 35 on macOS and the BSDs; the sharing and lock violations of Windows.
    private static bool IsHeld(IOException refused) =>
        OperatingSystem.IsWindows() ? (refused.HResult & 0xFFFF) is 32 or 33 : refused.HResult is 11 or 35;

    // The file stays: deleting it would let two holders lock two files of one name.
    public void Dispose() => _held.Dispose();
}
