using Microsoft.Extensions.Logging;

namespace Relay.TestKit;

/// <summary>Keeps the log entries of all categories.</summary>
public sealed class TestLoggerProvider : ILoggerProvider
{
    private readonly TestLogger<TestLoggerProvider> _log = new();

    /// <summary>Oldest first.</summary>
    public IReadOnlyCollection<TestLogEntry> Entries => _log.Entries;

    public ILogger CreateLogger(string categoryName) => _log;

    public void Dispose()
    {
    }
}
