using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository;

/// <summary>Stops the world after a number of file operations, leaving on disk what is there, as <c>kill -9</c> does. A flush is none:
/// it changes no file.</summary>
internal sealed class CrashPoint(int steps)
{
    private int _left = steps;

    /// <summary>True when the work ended before the crash.</summary>
    public async Task<bool> RunAsync(Func<DurableFiles, Task> work)
    {
        try
        {
            await work(new(afterStep: Count));
            return true;
        }
        catch (CrashException)
        {
            return false;
        }
    }

    private void Count(FileStep step)
    {
        if (!step.IsFlush && --_left == 0)
        {
            throw new CrashException();
        }
    }

    private sealed class CrashException : Exception;
}
