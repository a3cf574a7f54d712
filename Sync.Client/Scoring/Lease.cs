using Shared.Scoring.Threads;

namespace Sync.Client.Scoring;

/// <summary>Keeps a resource alive while calls use it: the resource is freed once the lease is retired and the last call has left. Every
/// call of a scorer goes through a lease, because freeing a native session during a run is a segmentation fault that no catch
/// sees.</summary>
/// <remarks>Calls are millions of times as frequent as retirements, so the cost is on retirement: a call enters and leaves with plain
/// writes to its <see cref="ThreadSlot"/>, without a fence. <see cref="Retire"/> issues a process-wide barrier and then scans all slots
/// (Dekker's algorithm with an asymmetric barrier). After the barrier, either the scan sees the slot of a call, or the call sees that the
/// lease is retired.</remarks>
internal sealed class Lease(Action free)
{
    private static long _last;
    private readonly long _id = Interlocked.Increment(ref _last);
    private readonly Lock _freeing = new();
    private volatile bool _retired;
    private int _nestedCalls;
    private bool _freed;

    /// <returns>True: the resource stays until <see cref="Leave"/>. False: it is retired, use its successor.</returns>
    /// <param name="slot">What to leave with, on the same thread.</param>
    public bool TryEnter(out ThreadSlot? slot)
    {
        slot = ThreadSlot.Current;
        if (!slot.TrySetLease(_id))
        {
            // A call within a call, such as from a property of a typed row: the slot of the thread is in use.
            slot = null;
            Interlocked.Increment(ref _nestedCalls);
        }

        if (!_retired)
        {
            return true;
        }

        Leave(slot);
        return false;
    }

    /// <param name="slot">What <see cref="TryEnter"/> gave.</param>
    public void Leave(ThreadSlot? slot)
    {
        if (slot is not null)
        {
            slot.ClearLease();
        }
        else
        {
            Interlocked.Decrement(ref _nestedCalls);
        }

        if (_retired)
        {
            FreeIfUnused();
        }
    }

    /// <summary>Refuses new calls and frees the resource after the last running call. Call it once.</summary>
    public void Retire()
    {
        _retired = true;
        Interlocked.MemoryBarrierProcessWide();
        FreeIfUnused();
    }

    private void FreeIfUnused()
    {
        // Serialized: of two last calls that check at the same time, each could still see the slot of the other.
        lock (_freeing)
        {
            if (_freed || Volatile.Read(ref _nestedCalls) > 0 || ThreadSlot.IsHeldByAny(_id))
            {
                return;
            }

            _freed = true;
        }

        free();
    }
}
