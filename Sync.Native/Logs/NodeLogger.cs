using Microsoft.Extensions.Logging;
using Shared.Contracts;
using Sync.Client;

namespace Sync.Native.Logs;

/// <summary>Gives the log of a node to the program's callback, each message as one line.</summary>
internal sealed class NodeLogger(string node) : ILogger<SyncClient>
{
    public bool IsEnabled(LogLevel logLevel) => LogQueue.IsWanted((int)logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Write(logLevel, formatter(state, exception), exception);
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    // Messages quote the relay, mirrors and files of others: none may end a line or steer a terminal. Not in Log, of which the compiler makes a copy
    // for each type of state.
    private void Write(LogLevel level, string message, Exception? exception) => LogQueue.Add(
        (int)level, node, DisplayText.Escape(exception is null ? message : $"{message}: {exception.GetType().Name}: {exception.Message}"));
}
