using Shared.Contracts;

namespace Sync.Client.Updates;

/// <summary>Measures the memory that the load and try-out of a model take, on the thread that created this. It counts the allocations of the
/// thread and the growth of the process, the only trace of a native scorer; other threads may add to that, so a refusal is retried.</summary>
internal sealed class MemoryBudget(long bytes, string subject)
{
    // Session creation was measured at 6 to 9 times the file's size.
    private const int NativeFactor = 6;
    private readonly long _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
    private readonly long _residentBefore = Environment.WorkingSet;

    /// <summary>Refuses a file that ONNX Runtime could not load within the budget, before it tries.</summary>
    public Refusal? CheckNative(long fileBytes) => fileBytes > bytes / NativeFactor ? TooLarge(fileBytes * NativeFactor) : null;

    /// <summary>Refuses where the budget is exceeded.</summary>
    public Refusal? Check()
    {
        long taken = Math.Max(GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore, Environment.WorkingSet - _residentBefore);
        return taken > bytes ? TooLarge(taken) : null;
    }

    private Refusal TooLarge(long taken) => new(
        RefusalReason.TryOutTooLarge, subject, $"{taken >> 20} MiB to load and try out where {bytes >> 20} MiB are allowed");
}
