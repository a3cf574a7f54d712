namespace Shared.Platform.Timing;

/// <summary>A check that a process repeats for as long as it runs.</summary>
internal static class PeriodicCheck
{
    /// <summary>Checks at once and after each interval, until it is canceled. A check that fails is reported, and the next one comes all the
    /// same.</summary>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static async Task RunAsync(
        Action check, Action<Exception> report, TimeSpan interval, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(interval, timeProvider);
        do
        {
            try
            {
                check();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                report(e);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }
}
