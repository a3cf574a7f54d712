using Microsoft.ML.OnnxRuntime;
using Shared.Contracts.Models;

namespace Sync.Client.Runtime;

/// <summary>One version of a model, loaded by ONNX Runtime. Callers enter, score and leave; retiring it frees the native
/// memory once the last one has left.</summary>
internal sealed class OnnxScorer
{
    // Batches are cut into these numbers of rows; the bits do not depend on the cut.
    private static readonly int[] Capacities = [256, 64, 16, 4, 1];

    private readonly InferenceSession session;
    private readonly BindingPool[] pools;
    private readonly Lease lease;
    private readonly int width;
    private readonly int categoryCount;
    private readonly string[] classes;
    private readonly int benign;
    private long failures;

    private OnnxScorer(InferenceSession session, ActiveModelVersion version)
    {
        this.session = session;
        Version = version;
        width = version.Schema.Inputs.Count(c => c.Type == ColumnType.Number);
        categoryCount = version.Schema.Inputs.Count - width;
        classes = [.. version.Schema.Classes];
        benign = version.Schema.Benign is { } name ? Array.IndexOf(classes, name) : -1;
        pools = [.. Capacities.Select(rows => new BindingPool(() => new RowBinding(session, version.Schema, rows)))];
        lease = new Lease(Free);
    }

    public ActiveModelVersion Version { get; }

    /// <summary>What runs the model, as check-ins name it.</summary>
    public string Kind => "onnxruntime";

    public long Predictions => pools.Sum(p => p.Predictions);

    public long Failures => Interlocked.Read(ref failures);

    /// <summary>Loads a model; slow, never to be called while somebody waits for a prediction.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the bytes, or they lack an input or output of the schema.</exception>
    public static OnnxScorer Load(byte[] onnx, ActiveModelVersion version)
    {
        InferenceSession session = OnnxSessions.Open(onnx);
        try
        {
            OnnxScorer scorer = new(session, version);
            scorer.pools[^1].Return(scorer.pools[^1].Take());
            return scorer;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public bool TryEnter() => lease.TryEnter();

    public void Leave() => lease.Leave();

    public void Retire() => lease.Retire();

    public Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> probabilities)
    {
        RowRules.Check(Version, width, categoryCount, numbers.Length, categories.Length, rows: 1);
        RowRules.CheckRoom(classes.Length, probabilities.Length);
        BindingPool pool = pools[^1];
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
        RowRules.Check(Version, width, categoryCount, numbers.Length, categories.Length, rows);
        RowRules.CheckRoom(classes.Length * rows, probabilities.Length);
        int done = 0;
        for (int size = 0; size < Capacities.Length; size++)
        {
            for (int take = Capacities[size]; rows - done >= take; done += take)
            {
                PredictChunk(
                    pools[size],
                    numbers.Slice(done * width, take * width), categories.Slice(done * categoryCount, take * categoryCount),
                    predictions.Slice(done, take), probabilities.IsEmpty ? [] : probabilities[(done * classes.Length)..]);
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
                binding.SetRow(r, numbers.Slice(r * width, width), categories.Slice(r * categoryCount, categoryCount));
            }

            binding.Run();
            for (int r = 0; r < predictions.Length; r++)
            {
                predictions[r] = Read(
                    binding.Probabilities(r), probabilities.IsEmpty ? [] : probabilities[(r * classes.Length)..]);
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
                throw Failed($"class '{classes[i]}' got NaN", null);
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

        return new Prediction(classes[best], best, scored[best], Version.Version, Version.Sha256, best == benign);
    }

    private RelayModelException Failed(string why, Exception? inner)
    {
        Interlocked.Increment(ref failures);
        return new(RelayModelFault.ScorerFailed, $"{Version.Name} version {Version.Version} failed on this row: {why}", inner);
    }

    private void Free()
    {
        foreach (BindingPool pool in pools)
        {
            pool.Dispose();
        }

        session.Dispose();
    }
}
