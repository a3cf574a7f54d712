using Google.Protobuf.Collections;
using Shared.Contracts.Onnx;
using Shared.Contracts.Onnx.Trees;
using Shared.Scoring.Functions;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using Shared.Scoring.Trees;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Ensembles;

/// <summary>TreeEnsembleClassifier of ai.onnx.ml 1 to 4: labels in its first output, scores in the second.</summary>
internal sealed class ClassifierOperator(KernelFactory kernels)
{
    public string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryMatrix(node, 0, out NumberValue? input) || node.Output.Count is < 1 or > 2)
        {
            return "its input is not float32 [rows, width]";
        }

        if (!PostTransforms.TryParse(attributes.Text("post_transform"), out PostTransform transform))
        {
            return $"ends with {attributes.Text("post_transform")}";
        }

        RepeatedField<long> numbers = attributes.Integers("classlabels_int64s");
        string[] texts = [.. attributes.Texts("classlabels_strings").Select(t => t.ToStringUtf8())];
        if ((numbers.Count == 0) == (texts.Length == 0) || numbers.Any(n => Math.Abs(n) > ConstantTensor.MaxInteger))
        {
            return "classes that are neither texts nor small integers";
        }

        int classes = texts.Length + numbers.Count;
        if (ScorableTrees.Read(node, attributes, input.Block.Width, out SourceTrees? trees) is { } reason)
        {
            return reason;
        }

        long[] labels = texts.Length > 0 ? [.. Enumerable.Range(0, classes).Select(i => (long)i)] : [.. numbers];
        ClassifierRule rule = new(transform, attributes.Floats("base_values").ToArray(), labels, trees!);
        if (rule.FindUnsupported() is { } unknown)
        {
            return unknown;
        }

        if (ForestBuilder.Build(trees!, new float[classes]) is not { } forest)
        {
            return ScorableTrees.TooLarge;
        }

        Block scores = plan.Reserve(classes);
        Block label = plan.Reserve(1);
        plan.Add(TreeStep.Create(forest, kernels, input.Block, scores));
        plan.Add(new Step(rule, scores, label));
        plan.Define(node.Output[0], texts.Length > 0 ? new LabelValue(label, texts) : new NumberValue(label, DataType.Int64, Rank: 1));
        if (node.Output.Count == 2)
        {
            plan.Define(node.Output[1], new NumberValue(scores, DataType.Float, Rank: 2));
        }

        return null;
    }

    private sealed class Step(ClassifierRule rule, Block scores, Block label) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                rows.Write(label, row)[0] = rule.Apply(rows.Write(scores, row));
            }
        }
    }
}
