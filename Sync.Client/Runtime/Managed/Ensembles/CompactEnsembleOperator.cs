using Shared.Contracts.Onnx;
using Sync.Client.Runtime.Managed.Graph;
using Sync.Client.Runtime.Managed.Trees;

namespace Sync.Client.Runtime.Managed.Ensembles;

/// <summary>TreeEnsemble of ai.onnx.ml 5.</summary>
internal sealed class CompactEnsembleOperator(KernelFactory kernels)
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

        if (CompactTrees.Read(attributes, input.Block.Width, out SourceTrees? trees) is { } fault)
        {
            return fault;
        }

        // ONNX Runtime numbers transforms as this enumeration does, where the standard has softmax before logistic.
        EnsembleFinish finish = new(aggregate == Average, [], (PostTransform)transform);
        string? unplanned = finish.Plan(trees!, input.Block, kernels, plan, out Block output);
        plan.DefineNumbers(node, output);
        return unplanned;
    }
}
