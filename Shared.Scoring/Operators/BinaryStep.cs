using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>Applies a function to two blocks number by number; a block of one column is broadcast.</summary>
internal sealed class BinaryStep<TFunction>(Block left, Block right, Block output) : PlanStep
    where TFunction : struct, IBinaryFunction
{
    public override void Run(in Rows rows)
    {
        int leftStep = left.Width == 1 ? 0 : 1;
        int rightStep = right.Width == 1 ? 0 : 1;
        for (int row = 0; row < rows.Count; row++)
        {
            ReadOnlySpan<float> a = rows.Read(left, row);
            ReadOnlySpan<float> b = rows.Read(right, row);
            Span<float> to = rows.Write(output, row);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = TFunction.Apply(a[i * leftStep], b[i * rightStep]);
            }
        }
    }
}
