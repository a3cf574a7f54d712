namespace Relay.Training.Engines.Common;

/// <summary>Training inside a library whose calls cannot be stopped: a thread of its own makes them, so that a canceled caller is
/// free at once, and the thread ends when the call it is in returns.</summary>
/// <remarks>Not a background thread of the platform: it has the caller's priority, which on Linux it inherits.</remarks>
internal static class UninterruptibleFit
{
    /// <param name="fit">Asks the token between its calls, and frees all that it took.</param>
    public static T Run<T>(Func<T> fit, CancellationToken cancellationToken)
    {
        Task<T> running = Task.Factory.StartNew(fit, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return running.WaitAsync(cancellationToken).GetAwaiter().GetResult();
    }
}
