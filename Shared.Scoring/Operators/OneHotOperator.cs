using Google.Protobuf;
using Google.Protobuf.Collections;
using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>One column per known text: 1 in the column of the row's text, 0 elsewhere; all 0 for an unknown text.</summary>
internal static class OneHotOperator
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (node.Input.Count != 1 || plan.Find(node.Input[0]) is not CategoryValue category || attributes.Integer("zeros") is 0)
        {
            return "not of texts, or unknown texts are an error";
        }

        RepeatedField<ByteString> texts = attributes.Texts("cats_strings");
        if (texts.Count == 0 || TextTable<int>.Create(texts, [.. Enumerable.Range(0, texts.Count)]) is not { } columnOf)
        {
            return "categories that are not texts or occur twice";
        }

        Block output = plan.Reserve(texts.Count);
        plan.Add(node, new Step(category.Column, columnOf, output), output, rank: 3);
        return null;
    }

    private sealed class Step(int column, TextTable<int> columnOf, Block output) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                Span<float> to = rows.Write(output, row);
                to.Clear();
                if (columnOf.TryFind(rows.Category(column, row) ?? "", out int one))
                {
                    to[one] = 1;
                }
            }
        }
    }
}
