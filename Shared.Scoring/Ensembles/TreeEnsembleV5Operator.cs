using Shared.Contracts.Onnx;
using Shared.Contracts.Onnx.Trees;
using Shared.Scoring.Functions;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Ensembles;

/// <summary>TreeEnsemble of ai.onnx.ml 5.</summary>
internal sealed class TreeEnsembleV5Operator(KernelFactory kernels)
{
    private const int Average = 0;
    private const int Sum = 1;

    public string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        long aggregate = attributes.Integer("aggregate_function") ?? Sum;
        long transform = attributes.Integer("post_transform") ?? 0;
        if (!plan.TryMatrix(node, 0, out NumberValue? input) || aggregate is not (Average or Sum) || transform is < 0 or > (long)PostTransform.Probit)
        {
            return $"aggregates by {aggregate}, ends with {transform}, or its input is not float32 [rows, width]";
        }

        if (ScorableTrees.Read(node, attributes, input.Block.Width, out SourceTrees? trees) is { } reason)
        {
            return reason;
        }

        // ONNX Runtime numbers transforms like this enumeration; the standard has softmax before logistic.
        EnsembleAggregation aggregation = new(aggregate == Average, [], (PostTransform)transform);
        string? unplanned = aggregation.AddSteps(trees!, input.Block, kernels, plan, out Block output);
        plan.DefineNumbers(node, output);
        return unplanned;
    }
}
