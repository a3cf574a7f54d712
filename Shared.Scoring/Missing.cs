using System.Numerics;

namespace Shared.Scoring;

/// <summary>Looks for missing values, which most rows do not have.</summary>
internal static class Missing
{
    public static bool IsIn(ReadOnlySpan<float> values)
    {
        int at = 0;
        for (; at + Vector<float>.Count <= values.Length; at += Vector<float>.Count)
        {
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
