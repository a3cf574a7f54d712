using Microsoft.ML.OnnxRuntime;
using Shared.Contracts.Models;
using Shared.Scoring;

namespace Sync.Client.OnnxRuntime;

/// <summary>Runs one model in ONNX Runtime, on one thread of the processor or on a GPU.</summary>
internal sealed class OnnxScorer : IRowScorer
{
    // A batch is split into blocks of these sizes; the bits do not depend on the split.
    private static readonly int[] Capacities = [256, 64, 16, 4, 1];

    private readonly InferenceSession _session;
    private readonly Lock? _oneRun;
    private readonly BindingPool[] _pools;
    private readonly int _width;
    private readonly int _categoryCount;
    private readonly int _outputWidth;

    private OnnxScorer(InferenceSession session, ModelSchema schema, OnnxExecutionProvider provider)
    {
        _session = session;
        _oneRun = provider is OnnxExecutionProvider.DirectML ? new Lock() : null;    // it does not support concurrent runs of a session
        _width = schema.Inputs.Count(c => c.Type == ColumnType.Number);
        _categoryCount = schema.Inputs.Count - _width;
        _outputWidth = schema.OutputWidth;
        _pools = [.. Capacities.Select(rows => new BindingPool(() => new RowBinding(session, schema, rows)))];
    }

    public long ScoredRows => _pools.Sum(p => p.ScoredRows);

    /// <summary>Loads a model. It is slow, and belongs on a background thread.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the bytes, or they lack an input or output of the
    /// schema.</exception>
    public static OnnxScorer Load(byte[] onnx, ModelSchema schema, OnnxExecutionProvider provider = OnnxExecutionProvider.Cpu)
    {
        InferenceSession session = OnnxSessions.Open(onnx, provider);
        try
        {
            OnnxScorer scorer = new(session, schema, provider);
            scorer._pools[^1].Return(scorer._pools[^1].Take());
            return scorer;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

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

    private void ScoreBlock(BindingPool pool, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> outputs)
    {
        RowBinding binding = pool.Take();
        try
        {
            binding.SetRows(numbers, categories);
            Run(binding);
            binding.Outputs.CopyTo(outputs);
        }
        finally
        {
            pool.Return(binding);
        }
    }

    private void Run(RowBinding binding)
    {
        try
        {
            if (_oneRun is null)
            {
                binding.Run();
                return;
            }

            lock (_oneRun)
            {
                binding.Run();
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw new RowScorerException(e.Message, e);
        }
    }
}
