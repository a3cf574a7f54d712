using Shared.Scoring.Ensembles;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;

namespace Shared.Scoring.Compilation;

/// <summary>Replaces the kernels of a plan by those that are measured to be fastest on this machine.</summary>
internal static class KernelTuner
{
    /// <param name="time">About how long to measure each forest.</param>
    public static GraphPlan Tune(GraphPlan plan, SampleRows sample, TimeSpan time, CancellationToken cancellationToken)
    {
        PlanStep[] steps = [.. plan.Steps];
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] is TreeStep trees)
            {
                GraphPlan features = plan with { Steps = steps[..i], Output = trees.Input };
                float[] rows = new float[sample.Count * trees.Input.Width];
                features.Run(sample.Numbers, sample.Categories, sample.Count, rows);
                steps[i] = trees.WithKernels(KernelChoice.Measure(trees.Forest, rows, time, cancellationToken));
            }
        }

        return plan with { Steps = steps };
    }
}
