using Shared.Platform.Timing;

namespace Relay.Server.Repository;

/// <summary>Looks at the repository for as long as a process runs: at once, after each change of this process, and at intervals, because other
/// processes change it as well, such as <c>relay approve</c> on the relay's machine.</summary>
internal static class RepositoryWatch
{
    /// <param name="look">On a thread of its own: the change may not be over yet when it is told.</param>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static async Task RunAsync(
        RepositoryCommitter committer, Func<CancellationToken, Task> look, TimeSpan interval, TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        WakeSignal changed = new();
        void Wake(RepositoryChange change) => changed.Set();
        committer.Committed += Wake;
        try
        {
            while (true)
            {
                await look(cancellationToken);
                await changed.WaitAsync(interval, timeProvider, cancellationToken);
            }
        }
        finally
        {
            committer.Committed -= Wake;
        }
    }

    /// <inheritdoc cref="RunAsync(RepositoryCommitter, Func{CancellationToken, Task}, TimeSpan, TimeProvider, CancellationToken)"/>
    public static Task RunAsync(
        RepositoryCommitter committer, Action look, TimeSpan interval, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        RunAsync(
            committer,
            _ =>
            {
                look();
                return Task.CompletedTask;
            },
            interval, timeProvider, cancellationToken);
}
