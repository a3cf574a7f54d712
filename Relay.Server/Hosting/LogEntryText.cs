using System.Globalization;

namespace Relay.Server.Hosting;

/// <summary>What the forms of the log have in common.</summary>
internal static class LogEntryText
{
    /// <summary>ISO 8601, in UTC.</summary>
    public static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };

    /// <summary>True for the host's report of a start that failed: the command reports it in one line, and the host would add a stack
    /// trace.</summary>
    public static bool IsReportedByCommand(EventId id) => id.Name == "HostedServiceStartupFaulted";
}
