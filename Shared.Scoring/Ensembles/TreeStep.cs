using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Ensembles;

/// <summary>Computes the raw scores of a forest.</summary>
internal sealed class TreeStep(TreeForest forest, KernelChoice kernels, Block input, Block output) : PlanStep
{
    public TreeForest Forest => forest;

    public Block Input => input;

    public static TreeStep Create(TreeForest forest, KernelFactory kernels, Block input, Block output)
    {
        ForestKernel kernel = kernels(forest);
        return new TreeStep(forest, new KernelChoice(kernel, kernel), input, output);
    }

    public TreeStep WithKernels(KernelChoice choice) => new(forest, choice, input, output);

    public override void Run(in Rows rows)
    {
        ReadOnlySpan<float> all = rows.ReadAll(input);
        if (rows.Count > 1 && !all.IsEmpty)
        {
            kernels.Batch.ScoreBatch(all, rows.WriteAll(output));
            return;
        }

        for (int row = 0; row < rows.Count; row++)
        {
            kernels.OneRow.Score(rows.Read(input, row), rows.Write(output, row));
        }
    }
}
