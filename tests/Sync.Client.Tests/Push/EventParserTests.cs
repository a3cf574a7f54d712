using System.Text;
using Sync.Client.Push;

namespace Sync.Client.Tests.Push;

public sealed class EventParserTests
{
    [Theory]
    [InlineData("event: metadata\nid: 7\ndata: {}\n\n", "metadata {}")]
    [InlineData("event: metadata\r\nid: 7\r\ndata: {}\r\n\r\n", "metadata {}")]
    [InlineData("event: metadata\rdata: {}\r\r", "metadata {}")]
    [InlineData("\uFEFFdata:x\n\n", " x")]
    [InlineData("data: a\ndata: b\n\ndata\n\n", " a\nb| ")]
    [InlineData(":\n\n: comment\n\nevent: pace\n\n", "")]
    [InlineData("other: x\nid: 99999999999999999999999999\ndata: y\n\n", " y")]
    [InlineData("data: not ended", "")]
    public void TryAppend_WholeOrByteByByte_GivesTheSameEvents(string text, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        List<ServerEvent> whole = [];
        List<ServerEvent> parts = [];
        EventParser parser = new();

        Assert.True(new EventParser().TryAppend(bytes, whole));
        Assert.All(bytes, value => Assert.True(parser.TryAppend([value], parts)));

        Assert.Equal(expected, Describe(whole));
        Assert.Equal(expected, Describe(parts));
    }

    [Theory]
    [InlineData("retry: 2500\n", 2500)]
    [InlineData("retry: -1\n", null)]
    [InlineData("retry: 99999999999\n", null)]
    public void Retry_IsTheWaitThatTheRelayStated(string text, int? milliseconds)
    {
        EventParser parser = new();

        Assert.True(parser.TryAppend(Encoding.UTF8.GetBytes(text), []));

        Assert.Equal(milliseconds, (int?)parser.Retry?.TotalMilliseconds);
    }

    [Fact]
    [Trait("Attack", "endless-event-line")]
    public void TryAppend_LineWithoutEnd_EndsTheStreamAtTheBound()
    {
        EventParser parser = new();
        List<ServerEvent> events = [];

        Assert.True(parser.TryAppend(Encoding.UTF8.GetBytes(new string('x', EventParser.MaximumBytes)), events));
        Assert.False(parser.TryAppend("x"u8, events));
        Assert.Empty(events);
    }

    [Fact]
    [Trait("Attack", "endless-event-line")]
    public void TryAppend_EventWithoutEnd_EndsTheStreamAtTheBound()
    {
        EventParser parser = new();
        byte[] line = Encoding.UTF8.GetBytes($"data: {new string('x', 100)}\n");
        List<ServerEvent> events = [];

        int taken = Enumerable.Range(0, 10_000).TakeWhile(_ => parser.TryAppend(line, events)).Count();

        Assert.Equal(EventParser.MaximumBytes / 101, taken);
        Assert.Empty(events);
    }

    [Fact]
    [Trait("Attack", "endless-event-line")]
    public void TryAppend_DataLinesWithoutContent_AreBoundedToo()
    {
        EventParser parser = new();

        int taken = Enumerable.Range(0, 1_000_000).TakeWhile(_ => parser.TryAppend("data\n"u8, [])).Count();

        Assert.Equal(EventParser.MaximumBytes + 1, taken);
    }
    private static string Describe(IEnumerable<ServerEvent> events) =>
        string.Join('|', events.Select(e => $"{e.Type} {Encoding.UTF8.GetString(e.Data)}"));
}
