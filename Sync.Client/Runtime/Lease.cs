using System.Runtime.InteropServices;

namespace Sync.Client.Runtime;

/// <summary>Keeps a native resource alive while calls are inside: it is freed once it is retired and the last call has left.
/// Freeing a session during a run is a segmentation fault that no catch sees, so every call goes through here.</summary>
/// <remarks>Calls are counted in stripes, each on cache lines of its own and chosen by the thread, so that callers on several cores do
/// not wait for each other's counter.</remarks>
internal sealed class Lease(Action free)
{
    private const int StripeCount = 16;
    private readonly Stripe[] _stripes = new Stripe[StripeCount];
    private int _open = StripeCount;

    /// <summary>True: the resource stays until <see cref="Leave"/>. False: it is retired, take its successor.</summary>
    /// <param name="stripe">Where the call is counted.</param>
    public bool TryEnter(out int stripe)
    {
        stripe = Environment.CurrentManagedThreadId & (StripeCount - 1);
        if (Interlocked.Increment(ref _stripes[stripe].Calls) > 0)
        {
            return true;
        }

        Leave(stripe);
        return false;
    }

    /// <param name="stripe">Where the call is counted.</param>
    public void Leave(int stripe)
    {
        ref Stripe entered = ref _stripes[stripe];
        if (Interlocked.Decrement(ref entered.Calls) == int.MinValue)
        {
            Close(ref entered);
        }
    }

    /// <summary>Lets nobody in any more. To be called once.</summary>
    public void Retire()
    {
        foreach (ref Stripe stripe in _stripes.AsSpan())
        {
            // A negative count says "retired".
            if (Interlocked.Add(ref stripe.Calls, int.MinValue) == int.MinValue)
            {
                Close(ref stripe);
            }
        }
    }

    // A late caller that is turned away brings the count back to the same value, hence the flag.
    private void Close(ref Stripe stripe)
    {
        if (Interlocked.Exchange(ref stripe.Closed, 1) == 0 && Interlocked.Decrement(ref _open) == 0)
        {
            free();
        }
    }

    // Two lines of 64 bytes, because processors fetch them in pairs; the fields stand away from what the array begins with.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Stripe
    {
        /// <summary>Calls inside; retiring adds the smallest integer.</summary>
        [FieldOffset(64)]
        public int Calls;

        [FieldOffset(68)]
        public int Closed;
    }
}
