using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Relay.TestKit;

/// <summary>Keeps every log entry, so that a test can assert what was logged.</summary>
public sealed class TestLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<TestLogEntry> _entries = new();

    /// <summary>Oldest first.</summary>
    public IReadOnlyCollection<TestLogEntry> Entries => _entries;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue(new(logLevel, eventId.Id, formatter(state, exception), exception));
}
