using System.Buffers;
using System.Runtime.CompilerServices;

namespace Shared.Scoring.Graph;

/// <summary>A graph as a sequence of steps from rows to one block of numbers. Thread-safe; a call allocates nothing.</summary>
internal sealed record GraphPlan
{
    /// <summary>Marks a column in <see cref="ColumnOrigins"/> that derives from several inputs, or through an operator of unknown
    /// flow.</summary>
    public const int SeveralInputs = -1;

    /// <summary>Rows that pass through a step together: enough to hide the cost of a step, few enough for the first-level cache.</summary>
    private const int BlockRows = 64;

    /// <summary>Working memory up to this many values comes from the stack, 8 KB.</summary>
    private const int StackValues = 2048;

    /// <summary>Number columns of a row.</summary>
    public required int NumberWidth { get; init; }

    /// <summary>Category columns of a row.</summary>
    public required int CategoryWidth { get; init; }

    public required PlanStep[] Steps { get; init; }

    public required float[] Constants { get; init; }

    /// <summary>Values of working memory per row.</summary>
    public required int WorkWidth { get; init; }

    /// <summary>The block that <see cref="Run"/> copies out.</summary>
    public required Block Output { get; init; }

    /// <summary>The texts that the output's one column is an index into; null where the output is numbers.</summary>
    public required string[]? Texts { get; init; }

    /// <summary>Per output column, the place of the only input that it derives from, or <see cref="SeveralInputs"/>.</summary>
    public required IReadOnlyList<int> ColumnOrigins { get; init; }

    /// <param name="numbers">Row after row, NaN where a value is missing.</param>
    /// <param name="categories">Row after row.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="output">Row after row, <see cref="Output"/>'s width each.</param>
    public void Run(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> output)
    {
        for (int done = 0; done < rows; done += BlockRows)
        {
            int count = Math.Min(BlockRows, rows - done);
            ReadOnlySpan<float> blockNumbers = numbers.Slice(done * NumberWidth, count * NumberWidth);
            ReadOnlySpan<string> blockCategories = categories.Slice(done * CategoryWidth, count * CategoryWidth);
            Span<float> blockOutput = output.Slice(done * Output.Width, count * Output.Width);
            if (count * WorkWidth <= StackValues)
            {
                RunOnStack(blockNumbers, blockCategories, count, blockOutput);
            }
            else
            {
                RunOnPool(blockNumbers, blockCategories, count, blockOutput);
            }
        }
    }

    // Locals need no initialization: every step writes all of its block before another step reads it.
    [SkipLocalsInit]
    private void RunOnStack(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int count, Span<float> output)
    {
        Span<float> work = stackalloc float[StackValues];
        RunBlock(numbers, categories, count, work, output);
    }

    private void RunOnPool(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int count, Span<float> output)
    {
        float[] work = ArrayPool<float>.Shared.Rent(count * WorkWidth);
        RunBlock(numbers, categories, count, work, output);
        ArrayPool<float>.Shared.Return(work);
    }

    private void RunBlock(
        ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int count, Span<float> work, Span<float> output)
    {
        Rows rows = new(count, numbers, NumberWidth, categories, CategoryWidth, Constants, work);
        foreach (PlanStep step in Steps)
        {
            step.Run(rows);
        }

        for (int row = 0; row < count; row++)
        {
            rows.Read(Output, row).CopyTo(output[(row * Output.Width)..]);
        }
    }
}
