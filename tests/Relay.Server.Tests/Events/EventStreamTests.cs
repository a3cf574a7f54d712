using System.Text;
using Relay.Server.Events;
using Relay.Server.Repository;
using Relay.TestKit;

namespace Relay.Server.Tests.Events;

public sealed class EventStreamTests
{
    private readonly ManualTime _time = new();
    private readonly EventStreams _streams;

    public EventStreamTests() => _streams = new EventStreams(new EventLimits(1000), new PollPace(0), _time);

    [Fact]
    public async Task WriteAsync_NothingNew_SendsACommentEveryFifteenSeconds()
    {
        using EventStream stream = Open();
        RecordedBody body = new();
        Task writing = stream.WriteAsync(body, 0, CancellationToken.None);
        await body.FlushedAsync(1);

        _time.Advance(TimeSpan.FromSeconds(15));
        await body.FlushedAsync(2);
        _time.Advance(TimeSpan.FromSeconds(14));

        Assert.EndsWith("\n\n:\n\n", body.Text, StringComparison.Ordinal);
        Assert.False(writing.IsCompleted);
    }

    [Fact]
    [Trait("Attack", "event-streams")]
    public async Task WriteAsync_ReaderThatIsSlow_GetsTheNewestHintOnly()
    {
        using EventStream stream = Open();
        RecordedBody body = new() { Hold = new TaskCompletionSource() };
        _ = stream.WriteAsync(body, 0, CancellationToken.None);

        for (int version = 2; version < 1000; version++)
        {
            _streams.Publish(new PublishedTimestamp(version, version, version));
        }

        body.Hold.SetResult();
        await body.FlushedAsync(2);

        Assert.Contains("id: 999\n", body.Text, StringComparison.Ordinal);
        Assert.Single(body.Text.Split("event: metadata").Skip(1));
    }

    [Fact]
    public async Task WriteAsync_AfterItsLife_EndsInOrder()
    {
        using EventStream stream = Open();
        Task writing = stream.WriteAsync(new RecordedBody(), 0, CancellationToken.None);

        _time.Advance(TimeSpan.FromMinutes(76));
        await writing.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void For_TimestampThatWasOnlySignedAgain_IsSpreadWide()
    {
        PublishedTimestamp changed = PublishedTimestamp.Follow(null, 5, snapshot: 3);
        PublishedTimestamp renewed = PublishedTimestamp.Follow(changed, 6, snapshot: 3);

        Assert.Equal(TimeSpan.FromSeconds(30), EventSpread.For(renewed, known: 5, streams: 1));
        Assert.True(EventSpread.For(renewed, known: 4, streams: 1) < TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData(1000, 200)]
    [InlineData(10_000, 2000)]
    [InlineData(1_000_000, 60_000)]
    public void For_ManyStreams_GrowsWithTheFleetUpToAMinute(int streams, int milliseconds) =>
        Assert.Equal(milliseconds, EventSpread.For(new(2, 2, 2), known: 1, streams).TotalMilliseconds);

    [Theory]
    [InlineData(10_000, null, long.MaxValue)]
    [InlineData(10_000, 192L, 96)]
    [InlineData(0, 192L, 96)]
    public void Create_LimitOfConnections_LeavesHalfOfThemToPolls(int asked, long? connections, long withStreams) =>
        Assert.Equal((asked, withStreams), (EventLimits.Create(asked, connections).Streams, EventLimits.Create(asked, connections).Connections));

    [Fact]
    [Trait("Attack", "event-streams")]
    public void TryOpen_ManyConnections_AreBoundedAndStreamsOnThoseThatHaveOneAreNot()
    {
        EventStreams streams = new(new EventLimits(1000, Connections: 2), new PollPace(0), _time);
        EventStream first = streams.TryOpen(new EventCaller("a"), "connection-1")!;
        Assert.NotNull(streams.TryOpen(new EventCaller("b"), "connection-2"));

        Assert.Null(streams.TryOpen(new EventCaller("c"), "connection-3"));
        Assert.NotNull(streams.TryOpen(new EventCaller("c"), "connection-2"));
        first.Dispose();
        Assert.NotNull(streams.TryOpen(new EventCaller("c"), "connection-3"));
    }

    [Fact]
    [Trait("Attack", "event-streams")]
    public void TryOpen_ManyByOneNodeOrOneKey_AreBoundedForEach()
    {
        EventCaller node = new("node web-17", IsNode: true);
        EventCaller key = new("key 7");

        Assert.Equal(4, Enumerable.Range(0, 1000).TakeWhile(_ => _streams.TryOpen(node, "connection") is not null).Count());
        Assert.Equal(250, Enumerable.Range(0, 1000).TakeWhile(_ => _streams.TryOpen(key, "connection") is not null).Count());
        Assert.NotNull(_streams.TryOpen(new EventCaller("node web-18", IsNode: true), "connection"));
    }

    private EventStream Open() => _streams.TryOpen(new EventCaller("test"), "connection")!;

    private sealed class RecordedBody : MemoryStream
    {
        private readonly Lock _gate = new();
        private readonly StringBuilder _text = new();
        private int _flushes;

        public TaskCompletionSource? Hold { get; init; }

        public string Text
        {
            get
            {
                lock (_gate)
                {
                    return _text.ToString();
                }
            }
        }

        public Task FlushedAsync(int times) => Eventually.TrueAsync(() => Volatile.Read(ref _flushes) >= times, $"{times} flushes");

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            lock (_gate)
            {
                _text.Append(Encoding.UTF8.GetString(buffer.Span));
            }

            return ValueTask.CompletedTask;
        }

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            await (Hold?.Task ?? Task.CompletedTask);
            Interlocked.Increment(ref _flushes);
        }
    }
}
