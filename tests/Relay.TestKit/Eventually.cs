using System.Diagnostics;

namespace Relay.TestKit;

/// <summary>Waits for something that another thread, process or machine brings about, and fails after a deadline with a message
/// that says what did not come.</summary>
public static class Eventually
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Much longer than anything takes on a slow machine: a wait this long has failed.</summary>
    public static TimeSpan DefaultDeadline { get; } = TimeSpan.FromMinutes(3);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="expectation">Completes "waited in vain until".</param>
    /// <exception cref="TimeoutException">The condition did not hold before the deadline.</exception>
    public static Task TrueAsync(
        Func<bool> condition, string expectation, TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        TrueAsync(() => Task.FromResult(condition()), expectation, deadline, cancellationToken);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string, TimeSpan?, CancellationToken)"/>
    public static Task TrueAsync(
        Func<Task<bool>> condition, string expectation, TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        GetAsync(condition, value => value, expectation, deadline, cancellationToken);

    /// <summary>Reads a value again and again until it is as expected, and gives it.</summary>
    /// <param name="expectation">Completes "waited in vain until".</param>
    /// <exception cref="TimeoutException">No value was as expected before the deadline; the message shows the last one.</exception>
    public static async Task<T> GetAsync<T>(
        Func<Task<T>> read, Predicate<T> isExpected, string expectation, TimeSpan? deadline = null,
        CancellationToken cancellationToken = default)
    {
        TimeSpan limit = deadline ?? DefaultDeadline;
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            T value = await read();
            if (isExpected(value))
            {
                return value;
            }

            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"waited in vain for {limit.TotalSeconds:F0} s until {expectation}; the last value was: {value}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }
}
