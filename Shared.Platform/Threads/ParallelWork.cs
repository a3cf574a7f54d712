namespace Shared.Platform.Threads;

/// <summary>Options for parallel loops that stay on the threads of the scheduler that they are called on; those of
/// <see cref="Parallel"/> itself go to the thread pool.</summary>
internal static class ParallelWork
{
    /// <param name="threads">The maximum; null: as many as the scheduler has.</param>
    public static ParallelOptions CreateOptions(int? threads = null, CancellationToken cancellationToken = default) => new()
    {
        TaskScheduler = TaskScheduler.Current,
        MaxDegreeOfParallelism = threads ?? -1,
        CancellationToken = cancellationToken,
    };
}
