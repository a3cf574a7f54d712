using Shared.Contracts.Onnx.Trees;
using Shared.Scoring.Functions;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Ensembles;

/// <summary>How a regression ensemble makes its output from its trees: sum or mean, base values, transform.</summary>
/// <param name="BaseValues">None, or one per output.</param>
internal sealed record EnsembleAggregation(bool IsMean, float[] BaseValues, PostTransform Transform)
{
    /// <summary>Adds the steps of an operator whose trees were read.</summary>
    /// <returns>Why the operator cannot be run, or null and the block of its output.</returns>
    public string? AddSteps(SourceTrees trees, Block input, KernelFactory kernels, PlanBuilder plan, out Block output)
    {
        output = default;
        if (BaseValues.Length != 0 && BaseValues.Length != trees.OutputCount)
        {
            return $"{BaseValues.Length} base values for {trees.OutputCount} outputs";
        }

        float[] bases = BaseValues.Length == 0 ? new float[trees.OutputCount] : [.. BaseValues];
        OutputPresence[] presences = OutputPresences.Compute(trees);
        for (int i = 0; i < bases.Length && trees.OutputCount > 1; i++)
        {
            if (presences[i] is OutputPresence.Sometimes && bases[i] != 0)
            {
                return $"a base value for output {i}, which not every row reaches";
            }

            bases[i] = presences[i] is OutputPresence.Never ? 0 : bases[i];
        }

        if (ForestBuilder.Build(trees, IsMean ? new float[bases.Length] : bases) is not { } forest)
        {
            return ScorableTrees.TooLarge;
        }

        output = plan.Reserve(forest.OutputCount);
        plan.Add(TreeStep.Create(forest, kernels, input, output));
        if (IsMean || AppliesTransform(trees.OutputCount))
        {
            plan.Add(new Step(this, bases, trees.Roots.Length, output));
        }

        return null;
    }

    // With one output, ONNX Runtime ignores every transform but this one.
    private bool AppliesTransform(int outputs) =>
        outputs == 1 ? Transform is PostTransform.Probit : Transform is not PostTransform.None;

    private sealed class Step(EnsembleAggregation aggregation, float[] bases, int trees, Block scores) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                Span<float> values = rows.Write(scores, row);
                for (int i = 0; i < values.Length && aggregation.IsMean; i++)
                {
                    values[i] = values[i] / trees + bases[i];
                }

                if (aggregation.AppliesTransform(values.Length))
                {
                    ScoreTransform.Apply(aggregation.Transform, values);
                }
            }
        }
    }
}
