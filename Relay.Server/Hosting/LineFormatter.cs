using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Shared.Contracts;

namespace Relay.Server.Hosting;

/// <summary>Formats a log entry as one line: date and time in UTC, level, event id, message. An exception follows on indented lines.
/// Text of others is escaped, so that it forges no entry (<see cref="DisplayText"/>).</summary>
internal sealed class LineFormatter(TimeProvider timeProvider) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (LogEntryText.IsReportedByCommand(logEntry.EventId))
        {
            return;
        }

        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.WriteLine(
            $"{LogEntryText.FormatTime(timeProvider.GetUtcNow())} {LogEntryText.NameOf(logEntry.LogLevel),-5} {logEntry.EventId.Id,4} "
            + DisplayText.Escape(message));
        if (logEntry.Exception is not null)
        {
            textWriter.WriteLine("  " + DisplayText.EscapeLines(logEntry.Exception.ToString()));
        }
    }
}
