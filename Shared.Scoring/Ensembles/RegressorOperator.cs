using Shared.Contracts.Onnx;
using Shared.Contracts.Onnx.Trees;
using Shared.Scoring.Functions;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Ensembles;

/// <summary>TreeEnsembleRegressor of ai.onnx.ml 1 to 4.</summary>
internal sealed class RegressorOperator(KernelFactory kernels)
{
    public string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryMatrix(node, 0, out NumberValue? input))
        {
            return "its input is not float32 [rows, width]";
        }

        string aggregate = attributes.Text("aggregate_function") ?? "SUM";
        if (aggregate is not ("SUM" or "AVERAGE"))
        {
            return $"aggregates by {aggregate}";
        }

        if (!PostTransforms.TryParse(attributes.Text("post_transform"), out PostTransform transform))
        {
            return $"ends with {attributes.Text("post_transform")}";
        }

        string? reason = ScorableTrees.Read(node, attributes, input.Block.Width, out SourceTrees? trees);
        if (reason is not null)
        {
            return reason;
        }

        EnsembleAggregation aggregation = new(aggregate == "AVERAGE", attributes.Floats("base_values").ToArray(), transform);
        reason = aggregation.AddSteps(trees!, input.Block, kernels, plan, out Block output);
        plan.DefineNumbers(node, output);
        return reason;
    }
}
