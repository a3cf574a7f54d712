namespace Relay.Server.Hosting;

/// <summary>The form of the log.</summary>
internal enum LogFormat
{
    /// <summary>A line for people: time, level, event id, message.</summary>
    Text,

    /// <summary>A JSON object a line.</summary>
    Json,
}
