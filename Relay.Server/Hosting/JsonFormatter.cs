using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Relay.Server.Hosting;

/// <summary>Formats a log entry as one JSON object on one line. Control characters in text of others are escaped by the writer, so that it forges no
/// entry.</summary>
internal sealed class JsonFormatter(TimeProvider timeProvider) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "json-line";

    /// <summary>The name that the framework gives the id of a request, and events of the relay, too.</summary>
    private const string RequestId = "RequestId";

    private const string Template = "{OriginalFormat}";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (LogEntryText.IsReportedByCommand(logEntry.EventId))
        {
            return;
        }

        KeyValuePair<string, object?>[] properties =
            [.. ((logEntry.State as IEnumerable<KeyValuePair<string, object?>>) ?? []).Where(property => property.Key != Template)];
        string? request = properties.FirstOrDefault(property => property.Key == RequestId).Value?.ToString() ?? FindRequest(scopeProvider);
        textWriter.WriteLine(Format(
            timeProvider.GetUtcNow(), logEntry.LogLevel, logEntry.EventId.Id, logEntry.Category,
            logEntry.Formatter(logEntry.State, logEntry.Exception), properties, request, logEntry.Exception));
    }

    /// <summary>What a command prints beside the log, as an entry of it: a program that reads the log meets nothing else.</summary>
    public static string FormatNotice(DateTimeOffset time, string category, string text) =>
        Format(time, LogLevel.Information, 0, category, text, [], request: null, exception: null);

    private static string Format(
        DateTimeOffset time, LogLevel level, int eventId, string category, string message, KeyValuePair<string, object?>[] properties,
        string? request, Exception? exception)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", LogEntryText.FormatTime(time));
            json.WriteString("level", LogEntryText.NameOf(level));
            json.WriteNumber("eventId", eventId);
            json.WriteString("category", category);
            json.WriteString("message", message);
            json.WriteStartObject("properties");
            foreach ((string name, object? value) in properties.DistinctBy(property => property.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(name);
                WriteValue(json, value);
            }

            json.WriteEndObject();
            if (request is not null)
            {
                json.WriteString("requestId", request);
            }

            if (exception is not null)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long or short or byte:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset time:
                json.WriteStringValue(LogEntryText.FormatTime(time));
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (object? item in items)
                {
                    json.WriteStringValue(Convert.ToString(item, CultureInfo.InvariantCulture));
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string? FindRequest(IExternalScopeProvider? scopes)
    {
        string?[] found = [null];
        scopes?.ForEachScope(
            static (scope, found) =>
            {
                if (scope is IEnumerable<KeyValuePair<string, object?>> values)
                {
                    found[0] = values.FirstOrDefault(value => value.Key == RequestId).Value?.ToString() ?? found[0];
                }
            },
            found);
        return found[0];
    }
}
