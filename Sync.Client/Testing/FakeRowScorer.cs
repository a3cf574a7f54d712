using Shared.Contracts.Models;
using Shared.Scoring;

namespace Sync.Client.Testing;

/// <summary>Scores rows, one after the other, by the function of a test.</summary>
internal sealed class FakeRowScorer(FakeScorer scorer, ModelSchema schema) : IRowScorer
{
    private readonly int _width = schema.Inputs.Count(input => input.Type is ColumnType.Number);
    private long _rows;

    public long ScoredRows => Interlocked.Read(ref _rows);

    public void Score(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> outputs)
    {
        int categoryCount = schema.Inputs.Count - _width;
        for (int row = 0; row < rows; row++)
        {
            // The memory of a call is not cleared: it has what another call left.
            Span<float> output = outputs.Slice(row * schema.OutputWidth, schema.OutputWidth);
            output.Clear();
            scorer(numbers.Slice(row * _width, _width), categories.Slice(row * categoryCount, categoryCount), output);
        }

        Interlocked.Add(ref _rows, rows);
    }

    public void Dispose()
    {
    }
}
