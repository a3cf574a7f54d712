using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>Concatenates columns. It costs nothing where the columns are already adjacent in the rows of the caller.</summary>
internal static class ConcatOperator
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (attributes.Integer("axis") is not (1 or -1))
        {
            return "along rows";
        }

        Block[] parts = new Block[node.Input.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!plan.TryMatrix(node, i, out NumberValue? part))
            {
                return $"input {i} is not float32 [rows, width]";
            }

            parts[i] = part.Block;
        }

        if (FindAdjacent(parts) is { } block)
        {
            plan.Define(node.Output[0], new NumberValue(block, TensorProto.Types.DataType.Float, Rank: 2));
            return null;
        }

        long width = parts.Sum(p => (long)p.Width);
        if (width > PlanBuilder.MaxWidth)
        {
            return $"{width} columns";
        }

        Block output = plan.Reserve((int)width);
        plan.Add(node, new Step(parts, output), output);
        return null;
    }

    private static Block? FindAdjacent(Block[] parts)
    {
        if (parts.Length == 0)
        {
            return null;
        }

        Block joined = parts[0];
        foreach (Block next in parts.Skip(1))
        {
            if (next.Origin is not BlockOrigin.Numbers || joined.Origin is not BlockOrigin.Numbers || next.Offset != joined.Offset + joined.Width)
            {
                return null;
            }

            joined = joined with { Width = joined.Width + next.Width };
        }

        return joined;
    }

    private sealed class Step(Block[] parts, Block output) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                Span<float> to = rows.Write(output, row);
                foreach (Block part in parts)
                {
                    rows.Read(part, row).CopyTo(to);
                    to = to[part.Width..];
                }
            }
        }
    }
}
