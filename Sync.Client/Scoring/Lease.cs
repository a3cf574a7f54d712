using Shared.Scoring;

namespace Sync.Client.Scoring;

/// <summary>Keeps a resource alive while calls are inside: it is freed once it is retired and the last call has left. Freeing a session
/// during a run is a segmentation fault that no catch sees, so every call goes through here.</summary>
/// <remarks>Calls come millions of times as often as retirements, so that these pay: who enters or leaves writes a note of his thread
/// without any fence, and who retires makes the whole process run through one (Dekker's algorithm with an asymmetric barrier). After
/// it either the note is seen here, or the thread sees that the lease is retired.</remarks>
internal sealed class Lease(Action free)
{
    private static long s_last;
    private readonly long _id = Interlocked.Increment(ref s_last);
    private readonly Lock _freeing = new();
    private volatile bool _retired;
    private int _nested;
    private bool _freed;

    /// <summary>True: the resource stays until <see cref="Leave"/>. False: it is retired, take its successor.</summary>
    /// <param name="caller">What to leave with, on the same thread.</param>
    public bool TryEnter(out ThreadSlot? caller)
    {
        caller = ThreadSlot.Current;
        if (!caller.TryNote(_id))
        {
            // A call within a call, such as from a property of a typed row; the thread's one note is taken.
            caller = null;
            Interlocked.Increment(ref _nested);
        }

        if (!_retired)
        {
            return true;
        }

        Leave(caller);
        return false;
    }

    /// <param name="caller">What <see cref="TryEnter"/> gave.</param>
    public void Leave(ThreadSlot? caller)
    {
        if (caller is not null)
        {
            caller.Erase();
        }
        else
        {
            Interlocked.Decrement(ref _nested);
        }

        if (_retired)
        {
            FreeOnceEmpty();
        }
    }

    /// <summary>Lets nobody in any more. To be called once.</summary>
    public void Retire()
    {
        _retired = true;
        Interlocked.MemoryBarrierProcessWide();
        FreeOnceEmpty();
    }

    private void FreeOnceEmpty()
    {
        // One at a time: of two last callers who look at once, each could still see the note of the other.
        lock (_freeing)
        {
            if (_freed || Volatile.Read(ref _nested) > 0 || ThreadSlot.IsAnyIn(_id))
            {
                return;
            }

            _freed = true;
        }

        free();
    }
}
