using Microsoft.ML.OnnxRuntime;
using Shared.Contracts.Models;

namespace Sync.Client.Runtime;

/// <summary>Runs one model in ONNX Runtime: numbers and categories in, the numeric output out. Knows no task; whoever disposes it makes
/// sure that no call is inside.</summary>
internal sealed class OnnxScorer : IDisposable
{
    // Blocks are cut into these numbers of rows; the bits do not depend on the cut.
    private static readonly int[] Capacities = [256, 64, 16, 4, 1];

    private readonly InferenceSession _session;
    private readonly BindingPool[] _pools;
    private readonly int _width;
    private readonly int _categoryCount;
    private readonly int _outputWidth;

    private OnnxScorer(InferenceSession session, ModelSchema schema)
    {
        _session = session;
        _width = schema.Inputs.Count(c => c.Type == ColumnType.Number);
        _categoryCount = schema.Inputs.Count - _width;
        _outputWidth = schema.OutputWidth;
        _pools = [.. Capacities.Select(rows => new BindingPool(() => new RowBinding(session, schema, rows)))];
    }

    /// <summary>What runs the model, as check-ins name it.</summary>
    public static string Kind => "onnxruntime";

    /// <summary>Rows scored so far.</summary>
    public long Scored => _pools.Sum(p => p.Predictions);

    /// <summary>Loads a model; slow, never to be called while somebody waits for a prediction.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the bytes, or they lack an input or output of the schema.</exception>
    public static OnnxScorer Load(byte[] onnx, ModelSchema schema)
    {
        InferenceSession session = OnnxSessions.Open(onnx);
        try
        {
            OnnxScorer scorer = new(session, schema);
            scorer._pools[^1].Return(scorer._pools[^1].Take());
            return scorer;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Scores rows; allocates nothing for a model without category inputs.</summary>
    /// <param name="numbers">Row after row.</param>
    /// <param name="categories">Row after row.</param>
    /// <param name="rows">Their number; numbers, categories and outputs have exactly the places for it.</param>
    /// <param name="outputs">Gets the numeric output, row after row.</param>
    /// <exception cref="OnnxRuntimeException">The graph does not run on these rows.</exception>
    public void Score(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> outputs)
    {
        int done = 0;
        for (int size = 0; size < Capacities.Length; size++)
        {
            for (int take = Capacities[size]; rows - done >= take; done += take)
            {
                ScoreBlock(
                    _pools[size],
                    numbers.Slice(done * _width, take * _width),
                    categories.Slice(done * _categoryCount, take * _categoryCount),
                    outputs.Slice(done * _outputWidth, take * _outputWidth));
            }
        }
    }

    public void Dispose()
    {
        foreach (BindingPool pool in _pools)
        {
            pool.Dispose();
        }

        _session.Dispose();
    }

    private static void ScoreBlock(BindingPool pool, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> outputs)
    {
        RowBinding binding = pool.Take();
        try
        {
            binding.SetRows(numbers, categories);
            binding.Run();
            binding.Outputs.CopyTo(outputs);
        }
        finally
        {
            pool.Return(binding);
        }
    }
}
