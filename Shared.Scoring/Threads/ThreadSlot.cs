using System.Runtime.CompilerServices;

namespace Shared.Scoring.Threads;

/// <summary>The state of one thread that calls models: its number, and the lease that its current call holds. Only the thread itself writes
/// the lease; other threads read it.</summary>
internal sealed class ThreadSlot
{
    private static readonly Lock Registering = new();
    private static readonly List<WeakReference<ThreadSlot>> All = [];

    [ThreadStatic]
    private static ThreadSlot? _current;

    // The number of the lease that the thread holds; 0 for none.
    private PaddedLong _lease;

    private ThreadSlot(int number) => Number = number;

    public static ThreadSlot Current => _current ?? Register();

    /// <summary>A small number from 0 on that no other living thread has. It is used again once the thread has ended.</summary>
    public int Number { get; }

    /// <summary>Whether any thread holds the lease.</summary>
    public static bool IsHeldByAny(long lease)
    {
        lock (Registering)
        {
            return All.Exists(s => s.TryGetTarget(out ThreadSlot? slot) && Volatile.Read(ref slot._lease.Value) == lease);
        }
    }

    /// <returns>False when the thread holds a lease already.</returns>
    public bool TrySetLease(long lease)
    {
        if (_lease.Value != 0)
        {
            return false;
        }

        Volatile.Write(ref _lease.Value, lease);
        return true;
    }

    public void ClearLease() => Volatile.Write(ref _lease.Value, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ThreadSlot Register()
    {
        lock (Registering)
        {
            int number = All.FindIndex(s => !s.TryGetTarget(out _));
            if (number < 0)
            {
                number = All.Count;
                All.Add(new WeakReference<ThreadSlot>(null!));
            }

            ThreadSlot slot = new(number);
            All[number].SetTarget(slot);
            return _current = slot;
        }
    }
}
