using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Repository;

public sealed class TimestampFileTests : IDisposable
{
    private static readonly DateTime WrittenAt = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();
    private readonly TimestampFile _timestamp;

    public TimestampFileTests()
    {
        _timestamp = new TimestampFile(new DataFolder(_folder.FullPath), _clock);
        Directory.CreateDirectory(Path.GetDirectoryName(_timestamp.Path)!);
        Write([1]);
    }

    [Fact]
    public void Read_FileThatHasBeenThereForLong_IsReadOnce()
    {
        _timestamp.Read();
        _clock.Advance(TimeSpan.FromSeconds(2));
        IntactFile first = _timestamp.Read();

        Assert.Same(first, _timestamp.Read());
        Assert.Equal([1], first.Content);
    }

    /// <summary>Two publications within the resolution of a file's time.</summary>
    [Fact]
    public void Read_WrittenTwiceAtTheSameTime_GivesTheSecond()
    {
        _timestamp.Read();
        Write([2]);

        Assert.Equal([2], _timestamp.Read().Content);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([2], _timestamp.Read().Content);
    }

    /// <summary>A file from a copy, or one whose writer was slow to put it in place.</summary>
    [Fact]
    public void Read_AnotherFileOfTheSameTimeAndLength_GivesItAfterASecond()
    {
        _timestamp.Read();
        _clock.Advance(TimeSpan.FromSeconds(2));
        _timestamp.Read();
        Write([2]);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([2], _timestamp.Read().Content);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public void Read_FileThatHasChanged_GivesTheNewOneAtOnce(int length, int secondsLater)
    {
        _timestamp.Read();
        _clock.Advance(TimeSpan.FromSeconds(2));
        IntactFile old = _timestamp.Read();
        Write(new byte[length], secondsLater);

        IntactFile changed = _timestamp.Read();

        Assert.Equal(new byte[length], changed.Content);
        Assert.NotEqual(old.EntityTag, changed.EntityTag);
    }

    [Fact]
    public void Read_FileThatIsGone_Fails()
    {
        _timestamp.Read();
        _clock.Advance(TimeSpan.FromSeconds(2));
        _timestamp.Read();
        File.Delete(_timestamp.Path);

        Assert.Throws<FileNotFoundException>(_timestamp.Read);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(byte[] content, int secondsLater = 0)
    {
        File.WriteAllBytes(_timestamp.Path, content);
        File.SetLastWriteTimeUtc(_timestamp.Path, WrittenAt.AddSeconds(secondsLater));
    }
}
