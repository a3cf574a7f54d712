using Relay.TestKit;
using Sync.Client.Push;

namespace Sync.Client.Tests.Push;

public sealed class EventReaderTests
{
    private readonly ManualTime _time = new();
    private readonly ScriptedStream _body = new();
    private readonly List<ServerEvent> _events = [];
    private int _sent;

    [Fact]
    public async Task ReadAsync_HeartbeatsInTime_ReadsOn()
    {
        Task<string> reading = Start();
        for (int i = 0; i < 30; i++)
        {
            await SendAsync(":\n\n");
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        await SendAsync("event: metadata\ndata: {}\n\n");
        _body.End();

        Assert.Equal("the relay ended it", await reading);
        ServerEvent received = Assert.Single(_events);
        Assert.Equal("metadata", received.Type);
        Assert.Equal("{}"u8, received.Data);
    }

    [Fact]
    public async Task ReadAsync_NoHeartbeat_EndsAfterFortySeconds()
    {
        Task<string> reading = Start();
        await SendAsync(":\n\n");

        _time.Advance(EventReader.MaximumSilence - TimeSpan.FromSeconds(1));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("silent", await reading, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "dripping-events")]
    public async Task ReadAsync_BytesThatEndNoLine_AreNoSignOfLife()
    {
        Task<string> reading = Start();
        for (int i = 0; i < 13; i++)
        {
            await SendAsync("x");
            _time.Advance(TimeSpan.FromSeconds(3));
        }

        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("silent", await reading, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "event-flood")]
    public async Task ReadAsync_FloodOfEvents_EndsTheStream()
    {
        Task<string> reading = Start();
        string flood = string.Concat(Enumerable.Repeat("event: metadata\ndata: {\"timestamp\":1,\"spreadMs\":0}\n\n", 75));
        for (int i = 0; i < 300; i++)
        {
            _body.Send(flood);
        }

        Assert.Equal("it sent more than events need", await reading.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.True(_events.Count <= EventReader.BurstBytes / 40);
    }

    [Fact]
    [Trait("Attack", "endless-event-line")]
    public async Task ReadAsync_LineWithoutEnd_EndsTheStream()
    {
        Task<string> reading = Start();
        for (int i = 0; i < 200; i++)
        {
            _body.Send(new string('x', 1000));
        }

        Assert.Contains($"{EventParser.MaximumBytes}", await reading.WaitAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
    }

    private Task<string> Start() => new EventReader(_events.Add, _time).ReadAsync(_body, CancellationToken.None);

    private async Task SendAsync(string text)
    {
        _body.Send(text);
        _sent++;
        await Eventually.TrueAsync(() => _body.Reads > _sent, "the piece is read");
    }
}
