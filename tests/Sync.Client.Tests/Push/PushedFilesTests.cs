using System.Text;
using Shared.Contracts.Api;
using Sync.Client.Transport;

namespace Sync.Client.Tests.Push;

public sealed class PushedFilesTests
{
    private readonly PushedFiles _files = new();

    [Fact]
    public void TakeTimestamp_NewerThanTheOneHeld_IsGivenOnceWithItsRoot()
    {
        _files.Keep(Event(7, "a"));

        Assert.Equal(7, _files.TakeTimestamp(held: 6)?.Timestamp);
        Assert.Equal(1, _files.Root);
        Assert.Null(_files.TakeTimestamp(held: 6));
        Assert.Null(_files.Root);
    }

    [Fact]
    public void TakeTimestamp_ThatTheNodeHas_IsNotGiven()
    {
        _files.Keep(Event(7, "a"));

        Assert.Null(_files.TakeTimestamp(held: 7));
        Assert.Null(_files.Root);
    }

    [Fact]
    public void UpdateEnded_WithoutANewerEvent_ForgetsAll()
    {
        _files.Keep(Event(7, "a"));
        _files.TakeTimestamp(held: 6);

        _files.UpdateEnded();

        Assert.Null(_files.TakeTarget("a"));
        Assert.Null(_files.Root);
    }

    [Fact]
    public void UpdateEnded_AfterANewerEvent_KeepsItsFiles()
    {
        _files.Keep(Event(7, "a"));
        _files.TakeTimestamp(held: 6);
        _files.Keep(Event(8, "b"));

        _files.UpdateEnded();

        Assert.NotNull(_files.TakeTarget("b"));
        Assert.Equal(8, _files.TakeTimestamp(held: 7)?.Timestamp);
    }

    [Fact]
    [Trait("Attack", "event-flood")]
    public void Keep_MoreThanTheBound_ForgetsTheFilesOfEarlierEvents()
    {
        for (int version = 1; version <= 1000; version++)
        {
            _files.Keep(Event(version, $"{version}", bytes: 1000));
        }

        int kept = Enumerable.Range(1, 1000).Count(version => _files.TakeTarget($"{version}") is not null);

        Assert.InRange(kept, 1, PushedFiles.MaximumBytes / 1000);
    }

    [Fact]
    [Trait("Attack", "event-flood")]
    public void Keep_EventAboveTheBound_IsNotKept()
    {
        _files.Keep(Event(7, "a", PushedFiles.MaximumBytes + 1));

        Assert.Null(_files.TakeTimestamp(held: 6));
        Assert.Null(_files.TakeTarget("a"));
    }

    [Fact]
    public void StreamEnded_ForgetsWhatNoUpdateUsed()
    {
        _files.Keep(Event(7, "a"));

        _files.StreamEnded();

        Assert.Null(_files.TakeTimestamp(held: 6));
        Assert.Null(_files.TakeTarget("a"));
    }

    private static FilesEvent Event(long timestamp, string target, int bytes = 10) => new(
        timestamp, "\"x\"", 1, new Dictionary<string, byte[]> { ["timestamp.json"] = Encoding.UTF8.GetBytes("{}") },
        new Dictionary<string, byte[]> { [target] = new byte[bytes] });
}
