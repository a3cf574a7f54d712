using Shared.Platform.Files;

namespace Relay.Server.Storage.Folders;

/// <summary>One change of a data folder at a time, of the threads of this process and of all processes on the folder.</summary>
internal sealed class FolderTurn(string root) : IDisposable
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private readonly ManualResetEvent _ended = new(initialState: false);

    /// <summary>Waits for its turn, which ends with the result.</summary>
    /// <exception cref="IOException">Another process does not end its own.</exception>
    public IDisposable Take()
    {
        _gate.Enter();
        try
        {
            long began = TimeProvider.System.GetTimestamp();
            while (true)
            {
                if (FileLock.TryAcquire(Path.Combine(root, FolderRecord.LockName)) is { } held)
                {
                    return new Turn(_gate, held);
                }

                if (TimeProvider.System.GetElapsedTime(began) > MaximumWait || _ended.WaitOne(Pause))
                {
                    throw new IOException($"Another process changes files of '{root}', and is not done.");
                }
            }
        }
        catch
        {
            _gate.Exit();
            throw;
        }
    }

    public void Dispose() => _ended.Set();

    private sealed class Turn(Lock gate, FileLock held) : IDisposable
    {
        public void Dispose()
        {
            held.Dispose();
            gate.Exit();
        }
    }
}
