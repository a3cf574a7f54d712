using System.Globalization;

namespace Relay.Training.Data.Csv;

/// <summary>Numbers as data files write them: invariant culture, finite, within the range of float32.</summary>
internal static class NumberText
{
    public const string Expected = "a finite number, or nothing for a missing value";

    /// <summary>Parses a cell; an empty one is NaN, a missing value.</summary>
    /// <returns>False for text that is no number, and for NaN, infinity and what float32 cannot hold.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out float value)
    {
        if (utf8.IsEmpty)
        {
            value = float.NaN;
            return true;
        }

        if (TryParseInteger(utf8, out value))
        {
            return true;
        }

        // The parser ignores NUL bytes at the end.
        if (utf8[^1] == 0)
        {
            return false;
        }

        // Through double, so that a value that a caller parses as double and narrows is the same float.
        bool parsed = double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out double wide);
        value = (float)wide;
        return parsed && float.IsFinite(value);
    }

    // Most cells of logs are short whole numbers: seven digits are exact in float32 and need no general parser.
    private static bool TryParseInteger(ReadOnlySpan<byte> utf8, out float value)
    {
        value = 0;
        if (utf8.Length > 7)
        {
            return false;
        }

        int number = 0;
        foreach (byte digit in utf8)
        {
            if ((uint)(digit - '0') > 9)
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
        }

        value = number;
        return true;
    }
}
