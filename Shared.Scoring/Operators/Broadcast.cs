using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>The broadcasting rule of the ONNX standard, where it stays within a row.</summary>
internal static class Broadcast
{
    /// <returns>The rank of the result; null where the shapes do not broadcast, or broadcasting would combine different rows.</returns>
    public static int? FindRank(NumberValue left, NumberValue right)
    {
        int a = left.Block.Width;
        int b = right.Block.Width;
        if (a != b && a != 1 && b != 1)
        {
            return null;
        }

        return (left.IsConstant, right.IsConstant) switch
        {
            (false, false) => left.Rank == right.Rank ? left.Rank : null,
            (false, true) => FindRankWithConstant(left, right),
            (true, false) => FindRankWithConstant(right, left),
            _ => null,
        };
    }

    // A constant of higher rank would add dimensions; [n] beside [rows] would run along rows.
    private static int? FindRankWithConstant(NumberValue value, NumberValue constant) =>
        constant.Rank <= value.Rank && (value.Rank > 1 || constant.Block.Width == 1) ? value.Rank : null;
}
