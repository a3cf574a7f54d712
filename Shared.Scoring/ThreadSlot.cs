using System.Runtime.CompilerServices;

namespace Shared.Scoring;

/// <summary>What is kept per thread that calls models: a number of its own and a note of the lease that it is inside of. Only its thread
/// writes the note; others read it.</summary>
internal sealed class ThreadSlot
{
    private static readonly Lock s_registering = new();
    private static readonly List<WeakReference<ThreadSlot>> s_all = [];

    [ThreadStatic]
    private static ThreadSlot? t_current;

    private PaddedLong _lease;

    private ThreadSlot(int number) => Number = number;

    public static ThreadSlot Current => t_current ?? Register();

    /// <summary>From 0, and of no other thread that lives. A thread's number goes to another one when it is gone.</summary>
    public int Number { get; }

    /// <summary>True when some thread's note names the lease.</summary>
    public static bool IsAnyIn(long lease)
    {
        lock (s_registering)
        {
            return s_all.Exists(c => c.TryGetTarget(out ThreadSlot? caller) && Volatile.Read(ref caller._lease.Value) == lease);
        }
    }

    /// <returns>False when the thread is inside of a lease already.</returns>
    public bool TryNote(long lease)
    {
        if (_lease.Value != 0)
        {
            return false;
        }

        Volatile.Write(ref _lease.Value, lease);
        return true;
    }

    public void Erase() => Volatile.Write(ref _lease.Value, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ThreadSlot Register()
    {
        lock (s_registering)
        {
            int number = s_all.FindIndex(c => !c.TryGetTarget(out _));
            if (number < 0)
            {
                number = s_all.Count;
                s_all.Add(new WeakReference<ThreadSlot>(null!));
            }

            ThreadSlot caller = new(number);
            s_all[number].SetTarget(caller);
            return t_current = caller;
        }
    }
}
