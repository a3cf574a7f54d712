using Shared.Contracts;

namespace Sync.Client.Updates;

/// <summary>Watches what a model takes to load and to be tried out, on the thread that made this. Counts what the thread allocates and
/// by how much the process grew, which a native scorer shows in alone; other threads may add to the latter, so that a refusal is not
/// the last word.</summary>
internal sealed class MemoryBudget(long bytes, string subject)
{
    // Session creation was measured at 6 to 9 times the file's size.
    private const int NativeFactor = 6;
    private readonly long _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
    private readonly long _residentBefore = Environment.WorkingSet;

    /// <summary>Refuses a file that ONNX Runtime could not load within the budget, before it tries.</summary>
    public Refusal? CheckNative(long fileBytes) => fileBytes > bytes / NativeFactor ? TooLarge(fileBytes * NativeFactor) : null;

    /// <summary>Refuses when more was taken by now.</summary>
    public Refusal? Check()
    {
        long taken = Math.Max(GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore, Environment.WorkingSet - _residentBefore);
        return taken > bytes ? TooLarge(taken) : null;
    }

    private Refusal TooLarge(long taken) => new(
        RefusalReason.TryOutTooLarge, subject, $"{taken >> 20} MiB to load and try out where {bytes >> 20} are allowed");
}
