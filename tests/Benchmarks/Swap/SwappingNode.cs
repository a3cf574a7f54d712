using System.Collections.Frozen;
using System.Diagnostics;
using Relay.TestKit.Load;
using Relay.TestKit.Models;
using Shared.Platform.Threads;
using Sync.Client;
using Sync.Client.Scoring;
using Sync.Client.Updates;

namespace Benchmarks.Swap;

/// <summary>Two versions of a model that alternate in a slot; each swap loads, tries out and activates as a node does.</summary>
internal sealed class SwappingNode
{
    private const string Name = "bench";
    private readonly TestModel[] _versions = [.. Enumerable.Range(1, 2).Select(v =>
        TestModel.Create(Name, v, numbers: 29, trees: 100, depth: 6, classes: ["a", "b", "c", "d", "e"]))];

    // Short, because the kernels are measured for each swap and a swap comes every 100 ms.
    private readonly ScorerLoader _loader = new(ScorerChoice.Auto, onnxRuntime: null, new() { KernelMeasuring = TimeSpan.FromMilliseconds(20) });
    private readonly ReleaseSlot _slot = new();
    private readonly RelayModel _model;
    private readonly float[][] _rows;
    private readonly Dictionary<int, float[][]> _expected;

    public SwappingNode()
    {
        _model = new RelayModel(Name, _slot);
        _rows = [.. Enumerable.Range(0, _versions[0].Golden.Rows).Select(_versions[0].NumbersOf)];
        _expected = _versions.ToDictionary(v => v.Description.Version, Answers);
    }

    public int Swaps { get; private set; }

    public SwapLoad Load() => new((row, probabilities) => _model.Predict(row, probabilities).Version, _rows, _expected);

    /// <param name="period">From swap to swap; null for none.</param>
    public void SwapFor(TimeSpan time, TimeSpan? period, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        for (TimeSpan next = TimeSpan.Zero; next < time;)
        {
            next += period ?? time;
            if (period is not null)
            {
                Activate(_versions[++Swaps % _versions.Length]);
            }

            TimeSpan wait = next - Stopwatch.GetElapsedTime(start);
            cancellationToken.WaitHandle.WaitOne(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void SwapTimes(int swaps, CancellationToken cancellationToken)
    {
        for (int i = 0; i < swaps; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Activate(_versions[++Swaps % _versions.Length]);
        }
    }

    private float[][] Answers(TestModel version)
    {
        Activate(version);
        return [.. _rows.Select(row => _model.PredictProbabilities(row))];
    }

    private void Activate(TestModel version)
    {
        ModelScorer scorer = BackgroundThread.RunAsync(
            () => _loader.Load(
                version.Onnx, version.Description, new(Name, version.Description.Version, version.Sha256, version.Schema), Name, default).Value
                ?? throw new InvalidOperationException("the model of the benchmark was refused"),
            "swap").GetAwaiter().GetResult();
        _slot.Swap(new LoadedRelease(
            version.Description.Version, DateTimeOffset.UnixEpoch,
            new Dictionary<string, ModelScorer> { [Name] = scorer }.ToFrozenDictionary()));
    }
}
