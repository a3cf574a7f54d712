using System.Numerics;

namespace Shared.Scoring.Functions;

/// <summary>Finds missing values (NaN). Vectorized, because most rows have none and every row is checked.</summary>
internal static class MissingValues
{
    public static bool AnyIn(ReadOnlySpan<float> values)
    {
        int at = 0;
        for (; at + Vector<float>.Count <= values.Length; at += Vector<float>.Count)
        {
            // Only NaN differs from itself.
            Vector<float> some = new(values[at..]);
            if (!Vector.EqualsAll(some, some))
            {
                return true;
            }
        }

        foreach (float value in values[at..])
        {
            if (float.IsNaN(value))
            {
                return true;
            }
        }

        return false;
    }
}
