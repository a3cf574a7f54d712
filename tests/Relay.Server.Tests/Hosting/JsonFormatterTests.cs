using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Server.Hosting;
using Relay.TestKit;

namespace Relay.Server.Tests.Hosting;

public sealed class JsonFormatterTests
{
    [Fact]
    public void Write_Entry_HasTimeLevelEventCategoryMessageAndProperties()
    {
        JsonElement entry = Write(
            LogLevel.Warning, [new("Channel", "stable"), new("Release", 7), new("Share", 0.5), new("Done", true), new("Names", new[] { "a", "b" }),
            new("None", null), new("{OriginalFormat}", "{Channel} {Release}")]);

        Assert.Equal("2030-01-15T12:00:00.000Z", entry.GetProperty("time").GetString());
        Assert.Equal("warn", entry.GetProperty("level").GetString());
        Assert.Equal(1203, entry.GetProperty("eventId").GetInt32());
        Assert.Equal("Relay.Releases", entry.GetProperty("category").GetString());
        Assert.Equal("the message", entry.GetProperty("message").GetString());
        Assert.Equal(
            """{"Channel":"stable","Release":7,"Share":0.5,"Done":true,"Names":["a","b"],"None":null}""", entry.GetProperty("properties").GetRawText());
        Assert.False(entry.TryGetProperty("requestId", out _));
        Assert.False(entry.TryGetProperty("exception", out _));
    }

    [Fact]
    public void Write_InARequest_NamesIt()
    {
        LoggerExternalScopeProvider scopes = new();
        using IDisposable scope = scopes.Push(new KeyValuePair<string, object?>[] { new("RequestId", "0HN:1"), new("RequestPath", "/x") });

        Assert.Equal("0HN:1", Write(LogLevel.Error, [], scopes).GetProperty("requestId").GetString());
        Assert.Equal("0HN:2", Write(LogLevel.Error, [new("RequestId", "0HN:2")], scopes).GetProperty("requestId").GetString());
    }

    [Fact]
    [Trait("Attack", "terminal-text")]
    public void Write_TextOfOthers_IsOneLineThatParsesAndMovesNoCursor()
    {
        InvalidDataException exception = new("bad\n{\"level\":\"error\"}\u001b[2J");

        JsonElement entry = Write(
            LogLevel.Error, [new("Column", "a\n\ud800\u001b[1A\u202e")], message: "m\r\n{}\u001b[2J\u2028", exception: exception);

        Assert.Equal("m\r\n{}\u001b[2J\u2028", entry.GetProperty("message").GetString());
        Assert.Contains("bad", entry.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NumberThatJsonLacksAndRepeatedNames_ParseAllTheSame()
    {
        JsonElement properties = Write(LogLevel.Debug, [new("A", double.NaN), new("B", 1), new("B", 2)]).GetProperty("properties");

        Assert.Equal("NaN", properties.GetProperty("A").GetString());
        Assert.Equal(1, properties.GetProperty("B").GetInt32());
    }

    private static JsonElement Write(
        LogLevel level, KeyValuePair<string, object?>[] properties, IExternalScopeProvider? scopes = null, string message = "the message",
        Exception? exception = null)
    {
        using StringWriter console = new();
        new JsonFormatter(new TestClock()).Write(
            new LogEntry<KeyValuePair<string, object?>[]>(level, "Relay.Releases", 1203, properties, exception, (_, _) => message), scopes, console);
        string line = console.ToString().TrimEnd('\n');
        Assert.DoesNotContain(line, char.IsControl);
        Assert.DoesNotContain(line, c => c is '\u202e' or '\u2028');
        return JsonDocument.Parse(line).RootElement;
    }
}
