using System.Runtime.CompilerServices;

namespace Shared.Scoring.Threads;

/// <summary>The state of one thread that calls models: its number, and the lease that its current call holds. Only the thread itself writes
/// the lease; other threads read it.</summary>
internal sealed class ThreadSlot
{
    private static readonly Lock s_registering = new();
    private static readonly List<WeakReference<ThreadSlot>> s_all = [];

    [ThreadStatic]
    private static ThreadSlot? t_current;

    // The number of the lease that the thread holds; 0 for none.
    private PaddedLong _lease;

    private ThreadSlot(int number) => Number = number;

    public static ThreadSlot Current => t_current ?? Register();

    /// <summary>A small number from 0 on that no other living thread has. It is used again once the thread has ended.</summary>
    public int Number { get; }

    /// <summary>Whether any thread holds the lease.</summary>
    public static bool IsHeldByAny(long lease)
    {
        lock (s_registering)
        {
            return s_all.Exists(s => s.TryGetTarget(out ThreadSlot? slot) && Volatile.Read(ref slot._lease.Value) == lease);
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
        lock (s_registering)
        {
            int number = s_all.FindIndex(s => !s.TryGetTarget(out _));
            if (number < 0)
            {
                number = s_all.Count;
                s_all.Add(new WeakReference<ThreadSlot>(null!));
            }

            ThreadSlot slot = new(number);
            s_all[number].SetTarget(slot);
            return t_current = slot;
        }
    }
}
