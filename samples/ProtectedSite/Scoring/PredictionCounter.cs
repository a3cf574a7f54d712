using System.Collections.Concurrent;

namespace ProtectedSite.Scoring;

/// <summary>Counts all predictions of the site: those of requests, and those of the load.</summary>
internal sealed class PredictionCounter
{
    private readonly ConcurrentDictionary<int, long> _byVersion = [];
    private long _failed;
    private long _mixed;

    public void Count(int version) => _byVersion.AddOrUpdate(version, 1, (_, before) => before + 1);

    public void CountFailed() => Interlocked.Increment(ref _failed);

    public void CountMixed() => Interlocked.Increment(ref _mixed);

    public PredictionCounts Read(int threads)
    {
        Dictionary<int, long> byVersion = new(_byVersion);
        long failed = Interlocked.Read(ref _failed);
        return new(byVersion.Values.Sum() + failed, failed, Interlocked.Read(ref _mixed), byVersion, threads);
    }
}
