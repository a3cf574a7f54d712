using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>Joins two blocks number by number; what has one column goes with every column of the other.</summary>
internal sealed class PairStep<TArithmetic>(Block left, Block right, Block output) : PlanStep
    where TArithmetic : struct, IArithmetic
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
                to[i] = TArithmetic.Of(a[i * leftStep], b[i * rightStep]);
            }
        }
    }
}
