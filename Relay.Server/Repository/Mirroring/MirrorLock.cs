using Shared.Platform.Files;

namespace Relay.Server.Repository.Mirroring;

/// <summary>How long an update of a mirror may take.</summary>
internal sealed record MirrorTimes
{
    /// <summary>The whole update, without the wait for another run.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The wait for another run that has the folder.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>The lock of a mirror's folder: one run changes it at a time, and who waits says so.</summary>
internal sealed class MirrorLock(string folder, TimeProvider timeProvider, Action<string>? report)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    /// <exception cref="IOException">Another run had the folder for all of the time.</exception>
    public async Task<FileLock> AcquireAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, ".lock");
        long start = timeProvider.GetTimestamp();
        bool reported = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (FileLock.TryAcquire(path) is { } held)
            {
                return held;
            }

            if (!reported)
            {
                report?.Invoke($"another run updates '{folder}'; waiting for it, at most {wait.TotalSeconds:0} s");
                reported = true;
            }

            if (timeProvider.GetElapsedTime(start) >= wait)
            {
                throw new IOException($"Another run updates '{folder}' and is not done after {wait.TotalSeconds:0} s. Nothing was changed by this one.");
            }

            await Task.Delay(RetryDelay, timeProvider, cancellationToken);
        }
    }
}
