using Microsoft.ML.OnnxRuntime;
using Shared.Contracts.Models;

namespace Sync.Client.Runtime;

/// <summary>One version of a model, loaded by ONNX Runtime. Callers enter, score and leave; retiring it frees the native
/// memory once the last one has left.</summary>
internal sealed class OnnxScorer
{
    // Batches are cut into these numbers of rows; the bits do not depend on the cut.
    private static readonly int[] Capacities = [256, 64, 16, 4, 1];

    private readonly InferenceSession _session;
    private readonly BindingPool[] _pools;
    private readonly Lease _lease;
    private readonly int _width;
    private readonly int _categoryCount;
    private readonly string[] _classes;
    private readonly int _benign;
    private long _failures;
    private long _answeredBefore;
    private long _failedBefore;

    private OnnxScorer(InferenceSession session, ActiveModelVersion version)
    {
        _session = session;
        Version = version;
        _width = version.Schema.Inputs.Count(c => c.Type == ColumnType.Number);
        _categoryCount = version.Schema.Inputs.Count - _width;
        _classes = [.. version.Schema.Classes];
        _benign = version.Schema.Benign is { } name ? Array.IndexOf(_classes, name) : -1;
        _pools = [.. Capacities.Select(rows => new BindingPool(() => new RowBinding(session, version.Schema, rows)))];
        _lease = new Lease(Free);
    }

    public ActiveModelVersion Version { get; }

    /// <summary>What runs the model, as check-ins name it.</summary>
    public string Kind => "onnxruntime";

    /// <summary>Rows answered since it was activated.</summary>
    public long Predictions => Answered - _answeredBefore;

    /// <summary>Calls that ended in <see cref="RelayModelFault.ScorerFailed"/> since it was activated.</summary>
    public long Failures => Interlocked.Read(ref _failures) - _failedBefore;

    private long Answered => _pools.Sum(p => p.Predictions);

    /// <summary>Loads a model; slow, never to be called while somebody waits for a prediction.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the bytes, or they lack an input or output of the schema.</exception>
    public static OnnxScorer Load(byte[] onnx, ActiveModelVersion version)
    {
        InferenceSession session = OnnxSessions.Open(onnx);
        try
        {
            OnnxScorer scorer = new(session, version);
            scorer._pools[^1].Return(scorer._pools[^1].Take());
            return scorer;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Leaves the try-out out of the counts.</summary>
    public void StartCounting() => (_answeredBefore, _failedBefore) = (Answered, Interlocked.Read(ref _failures));

    public bool TryEnter() => _lease.TryEnter();

    public void Leave() => _lease.Leave();

    public void Retire() => _lease.Retire();

    public Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> probabilities)
    {
        RowRules.Check(Version, _width, _categoryCount, numbers.Length, categories.Length, rows: 1);
        RowRules.CheckRoom(_classes.Length, probabilities.Length);
        BindingPool pool = _pools[^1];
        RowBinding binding = pool.Take();
        try
        {
            binding.SetRow(0, numbers, categories);
            binding.Run();
            return Read(binding.Probabilities(0), probabilities);
        }
        catch (OnnxRuntimeException e)
        {
            throw Failed(e.Message, e);
        }
        finally
        {
            pool.Return(binding);
        }
    }

    public void PredictBatch(
        ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<Prediction> predictions, Span<float> probabilities)
    {
        int rows = predictions.Length;
        RowRules.Check(Version, _width, _categoryCount, numbers.Length, categories.Length, rows);
        RowRules.CheckRoom(_classes.Length * rows, probabilities.Length);
        int done = 0;
        for (int size = 0; size < Capacities.Length; size++)
        {
            for (int take = Capacities[size]; rows - done >= take; done += take)
            {
                PredictChunk(
                    _pools[size],
                    numbers.Slice(done * _width, take * _width), categories.Slice(done * _categoryCount, take * _categoryCount),
                    predictions.Slice(done, take), probabilities.IsEmpty ? [] : probabilities[(done * _classes.Length)..]);
            }
        }
    }

    private void PredictChunk(
        BindingPool pool, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories,
        Span<Prediction> predictions, Span<float> probabilities)
    {
        RowBinding binding = pool.Take();
        try
        {
            for (int r = 0; r < predictions.Length; r++)
            {
                binding.SetRow(r, numbers.Slice(r * _width, _width), categories.Slice(r * _categoryCount, _categoryCount));
            }

            binding.Run();
            for (int r = 0; r < predictions.Length; r++)
            {
                predictions[r] = Read(
                    binding.Probabilities(r), probabilities.IsEmpty ? [] : probabilities[(r * _classes.Length)..]);
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw Failed(e.Message, e);
        }
        finally
        {
            pool.Return(binding);
        }
    }

    private Prediction Read(ReadOnlySpan<float> scored, Span<float> probabilities)
    {
        int best = 0;
        for (int i = 0; i < scored.Length; i++)
        {
            if (float.IsNaN(scored[i]))
            {
                throw Failed($"class '{_classes[i]}' got NaN", null);
            }

            if (scored[i] > scored[best])
            {
                best = i;
            }
        }

        if (!probabilities.IsEmpty)
        {
            scored.CopyTo(probabilities);
        }

        return new Prediction(_classes[best], best, scored[best], Version.Version, Version.Sha256, best == _benign);
    }

    private RelayModelException Failed(string why, Exception? inner)
    {
        Interlocked.Increment(ref _failures);
        return new(RelayModelFault.ScorerFailed, $"{Version.Name} version {Version.Version} failed on this row: {why}", inner);
    }

    private void Free()
    {
        foreach (BindingPool pool in _pools)
        {
            pool.Dispose();
        }

        _session.Dispose();
    }
}
