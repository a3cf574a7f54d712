using Microsoft.Extensions.Logging;
using Relay.Server.Monitoring.Figures;
using Relay.TestKit;

namespace Relay.Server.Tests.Monitoring;

public sealed class FigureReaderTests
{
    private readonly TestClock _clock = new();
    private readonly TestLogger<FigureReader> _log = new();

    [Fact]
    public void Read_WithinASecond_ReadsEachSourceOnce()
    {
        Source source = new("one");
        FigureReader reader = new([source], _clock, _log);
        Assert.Equal([7], reader.Read("test.one").Select(value => value.Value));
        Assert.Equal([7], reader.Read("test.one").Select(value => value.Value));
        Assert.Equal(1, source.Reads);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Single(reader.Read("test.one"));
        Assert.Equal(2, source.Reads);
    }

    [Fact]
    public void Read_PartThatFails_IsMissingAndLoggedOnceUntilItCanBeReadAgain()
    {
        Source failing = new("failing") { Error = new InvalidOperationException() };
        FigureReader reader = new([failing, new Source("one")], _clock, _log);

        Assert.Empty(reader.Read("test.failing"));
        Assert.Single(reader.Read("test.one"));
        Assert.Equal([0, 1], reader.Read(FigureReader.Readable.Name).Select(value => value.Value));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(reader.Read("test.failing"));
        failing.Error = null;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(reader.Read("test.failing"));

        Assert.Equal([LogLevel.Error, LogLevel.Information], _log.Entries.Select(entry => entry.Level));
    }

    [Fact]
    public void Read_ThatTakesLongerThanASecond_IsKeptForASecondFromItsEnd()
    {
        Source slow = new("slow") { WhileItReads = () => _clock.Advance(TimeSpan.FromSeconds(5)) };
        FigureReader reader = new([slow, new Source("one")], _clock, _log);

        Assert.Single(reader.Read("test.slow"));
        Assert.Single(reader.Read("test.one"));

        Assert.Equal(1, slow.Reads);
    }

    private sealed class Source(string part) : IFigureSource
    {
        private readonly Gauge _gauge = new($"test.{part}", "{thing}", "A gauge");

        public int Reads { get; private set; }

        public Exception? Error { get; set; }

        public Action? WhileItReads { get; init; }

        public string Part => part;

        public IReadOnlyList<Gauge> Gauges => [_gauge];

        // The figure comes before the failure: half a part is not shown.
        public IEnumerable<Figure> Read()
        {
            Reads++;
            WhileItReads?.Invoke();
            yield return _gauge.Measure(7);
            if (Error is { } error)
            {
                throw error;
            }
        }
    }
}
