using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>The standard's rule for values of different shapes, as far as it stays within a row.</summary>
internal static class Broadcast
{
    /// <returns>The rank of the result, or null where shapes do not go together or rows would meet other rows.</returns>
    public static int? Rank(NumberValue left, NumberValue right)
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
            (false, true) => OfConstant(left, right),
            (true, false) => OfConstant(right, left),
            _ => null,
        };
    }

    // A constant of more dimensions would add some; [n] beside [rows] would run along rows.
    private static int? OfConstant(NumberValue value, NumberValue constant) =>
        constant.Rank <= value.Rank && (value.Rank > 1 || constant.Block.Width == 1) ? value.Rank : null;
}
