namespace Sync.Client.Runtime;

/// <summary>Keeps a native resource alive while calls are inside: it is freed once it is retired and the last call has left.
/// Freeing a session during a run is a segmentation fault that no catch sees, so every call goes through here.</summary>
internal sealed class Lease(Action free)
{
    // Calls inside; retiring adds the smallest integer, so that a negative count says "retired".
    private int _calls;
    private int _freed;

    /// <summary>True: the resource stays until <see cref="Leave"/>. False: it is retired, take its successor.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _calls) > 0)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _calls) == int.MinValue)
        {
            FreeOnce();
        }
    }

    /// <summary>Lets nobody in any more. To be called once.</summary>
    public void Retire()
    {
        if (Interlocked.Add(ref _calls, int.MinValue) == int.MinValue)
        {
            FreeOnce();
        }
    }

    // A late caller that is turned away brings the count back to the same value, hence the flag.
    private void FreeOnce()
    {
        if (Interlocked.Exchange(ref _freed, 1) == 0)
        {
            free();
        }
    }
}
