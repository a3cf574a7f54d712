using System.Collections.Concurrent;
using ProtectedSite.Scoring;
using Shared.Contracts;
using Shared.Contracts.Onnx;
using Sync.Client;

namespace ProtectedSite.Load;

/// <summary>Predicts without pause on a number of threads and compares every answer with that of the version that it names: the proof
/// that a swap fails no prediction and mixes no versions.</summary>
internal sealed class LoadGenerator(IRelayModel model, SiteSettings settings, PredictionCounter counter) : IHostedService
{
    private readonly Lock _threadsGate = new();
    private readonly Lock _rowsGate = new();
    private readonly ConcurrentDictionary<string, float[][]> _expected = [];
    private readonly List<LoadThread> _threads = [];
    private FixedRows? _rows;

    public PredictionCounts Counts
    {
        get
        {
            lock (_threadsGate)
            {
                return counter.Read(_threads.Count);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        SetThreads(settings.Load.Threads);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        SetThreads(0);
        return Task.CompletedTask;
    }

    /// <summary>Stops the running threads and starts this number of new ones.</summary>
    public void SetThreads(int count)
    {
        lock (_threadsGate)
        {
            _threads.ForEach(t => t.Stop());
            _threads.Clear();
            for (int i = 0; i < count; i++)
            {
                _threads.Add(LoadThread.Start(model, this, counter));
            }
        }
    }

    /// <summary>The rows to predict; null until a version is active.</summary>
    public FixedRows? Rows()
    {
        lock (_rowsGate)
        {
            if (_rows is null && model.IsReady)
            {
                ActiveModelVersion active = model.Active;
                Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(ReadArtifact(active.Sha256), active.Name);
                _rows = FixedRows.From(verdict.Value!.Golden, active.Schema);
            }

            return _rows;
        }
    }

    /// <summary>What a version must answer, row by row.</summary>
    public float[][] Expected(string sha256, FixedRows rows) =>
        _expected.GetOrAdd(sha256, key => ExpectedBits.Compute(ReadArtifact(key), rows));

    private byte[] ReadArtifact(string sha256) =>
        File.ReadAllBytes(Path.Combine(settings.StoreFolder, "artifacts", sha256 + ".onnx"));
}
