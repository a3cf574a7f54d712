using Relay.Server.Repository.Archive;
using Relay.Server.Repository.GarbageCollection;
using Relay.TestKit.Trust;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository.Archive;

public sealed class TimestampArchiveTests : IAsyncLifetime
{
    private readonly List<(long Version, DateTimeOffset At)> _signed = [];
    private TestRepository _repository = null!;

    private TimestampArchive Archive => new(_repository.RepositoryPath);

    public async ValueTask InitializeAsync()
    {
        _repository = await TestRepository.CreateAsync();
        Note();
        for (int version = 1; version <= 4; version++)
        {
            _repository.Clock.Advance(TimeSpan.FromHours(version));
            await _repository.PublishAsync("threat", version, [1, (byte)version]);
            Note();
        }
    }

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Read_EveryTimestampThatWasCurrent_HasItsBytes()
    {
        Assert.Equal(_signed.Select(item => item.Version), Archive.Versions());
        Assert.Equal(_repository.Serve("metadata/timestamp.json"), Archive.Read(_signed[^1].Version));
        Assert.Null(Archive.Read(99));
        Assert.Null(Archive.Read(0));
    }

    [Fact]
    public void FindAt_AnyInstant_IsTheTimestampThatWasCurrentThen()
    {
        long newest = _signed[^1].Version;

        Assert.Null(Archive.FindAt(_signed[0].At - TimeSpan.FromSeconds(1), newest));
        foreach ((long version, DateTimeOffset at) in _signed)
        {
            Assert.Equal(version, Archive.FindAt(at, newest));
            Assert.Equal(version, Archive.FindAt(at + TimeSpan.FromMinutes(30), newest));
        }
    }

    [Fact]
    public async Task FindAt_OlderThanWhatIsKept_IsNone()
    {
        await CollectAsync(new KeptTimestamps(_signed[2].At, new HashSet<long>()));

        Assert.Equal(_signed.Skip(2).Select(item => item.Version), Archive.Versions());
        Assert.Null(Archive.FindAt(_signed[1].At, _signed[^1].Version));
        Assert.Equal(_signed[2].Version, Archive.FindAt(_signed[2].At, _signed[^1].Version));
    }

    [Fact]
    public async Task Collect_TimestampThatAReportNames_KeepsAllThatItLeadsTo()
    {
        KeptTimestamps kept = new(DateTimeOffset.MaxValue, new HashSet<long> { _signed[1].Version });
        await CollectAsync(kept);
        _repository.Clock.Advance(GarbageCollector.Grace);
        await CollectAsync(kept);

        Assert.Equal([_signed[1].Version, _signed[^1].Version], Archive.Versions());
        Assert.True(File.Exists(Path.Combine(_repository.RepositoryPath, "metadata", "2.snapshot.json")));
        Assert.True(File.Exists(Path.Combine(_repository.RepositoryPath, "metadata", "2.targets.json")));
        Assert.False(File.Exists(Path.Combine(_repository.RepositoryPath, "metadata", "3.targets.json")));
    }

    [Fact]
    public async Task Collect_ProgramThatKnowsNoRetention_KeepsEverything()
    {
        await CollectAsync(KeptTimestamps.All);
        _repository.Clock.Advance(TimeSpan.FromDays(1000));
        GarbageCollectionResult result = await CollectAsync(KeptTimestamps.All);

        Assert.Empty(result.Removed);
        Assert.Equal(_signed.Count, Archive.Versions().Count);
    }

    private Task<GarbageCollectionResult> CollectAsync(KeptTimestamps kept) =>
        new GarbageCollector(_repository.RepositoryPath, _repository.Clock, new DurableFiles(), past: _ => kept)
            .RunAsync(dryRun: false, TestContext.Current.CancellationToken);

    private void Note() => _signed.Add((_repository.Read().Timestamp.Version, _repository.Clock.GetUtcNow()));
}
