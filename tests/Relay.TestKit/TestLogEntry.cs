using Microsoft.Extensions.Logging;

namespace Relay.TestKit;

/// <summary>One line of a <see cref="TestLogger{T}"/>.</summary>
public sealed record TestLogEntry(LogLevel Level, int EventId, string Message, Exception? Exception);
