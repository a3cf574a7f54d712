using System.Buffers;
using System.Runtime.CompilerServices;
using Shared.Scoring.Ensembles;
using Shared.Scoring.Kernels;

namespace Shared.Scoring.Graph;

/// <summary>A graph as a straight line of steps: raw rows in, one block of numbers out. Safe for any number of threads at once; a
/// call allocates nothing.</summary>
/// <param name="NumberWidth">Number columns of a row.</param>
/// <param name="CategoryWidth">Category columns of a row.</param>
/// <param name="WorkWidth">Values of working memory per row.</param>
/// <param name="Output">The block that <see cref="Run"/> hands out.</param>
/// <param name="Texts">What the output's one column is an index into, or null where it is numbers.</param>
internal sealed record GraphPlan(
    int NumberWidth, int CategoryWidth, PlanStep[] Steps, float[] Constants, int WorkWidth, Block Output, string[]? Texts)
{
    /// <summary>Rows that go through a step together: enough to hide its cost, few enough to stay in the first cache.</summary>
    private const int BlockRows = 64;

    /// <summary>Working memory up to this many values comes from the stack, 8 KB.</summary>
    private const int StackValues = 2048;

    /// <param name="numbers">Row after row, NaN where a value is missing.</param>
    /// <param name="categories">Row after row.</param>
    /// <param name="rows">How many.</param>
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

    /// <summary>The same plan on the kernels that are fastest here.</summary>
    /// <param name="time">How long to measure, about.</param>
    public GraphPlan WithFastestKernels(SampleRows sample, TimeSpan time, CancellationToken cancellationToken)
    {
        PlanStep[] steps = [.. Steps];
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] is TreeStep trees)
            {
                GraphPlan before = this with { Steps = Steps[..i], Output = trees.Input };
                float[] rows = new float[sample.Count * trees.Input.Width];
                before.Run(sample.Numbers, sample.Categories, sample.Count, rows);
                steps[i] = trees.With(KernelChoice.Measure(trees.Forest, rows, time, cancellationToken));
            }
        }

        return this with { Steps = steps };
    }

    // Every step writes all of its block before another one reads it.
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
