using System.Globalization;
using System.Text;

namespace Relay.Training.Data.Csv;

/// <summary>Times as data files write them: ISO 8601, also in its basic form without hyphens, or seconds since 1970.</summary>
internal static class TimeText
{
    public const string Expected =
        "a time in ISO 8601, such as 2026-01-31T23:59:59Z, 2026-01-31 or 20260131, or in seconds since 1970";

    private const int MaxLength = 40;
    private static readonly double FirstCompact = (new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch).TotalSeconds;
    private static readonly double MaxSeconds = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyyMMdd'T'HHmmK", "yyyyMMdd'T'HHmmssK", "yyyyMMdd'T'HHmmss.FFFFFFFK", "yyyyMMdd HH:mmK", "yyyyMMdd HH:mm:ssK",
    ];

    private static readonly string[] Compact = ["yyyyMMdd", "yyyyMMddHHmm", "yyyyMMddHHmmss"];

    /// <summary>Parses ISO 8601 (a blank may replace the T; without an offset the time is UTC) or seconds since 1970. Numbers of 8, 12 and 14
    /// digits are dates and never seconds: 20250101 is the first day of 2025.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out double seconds)
    {
        seconds = 0;
        utf8 = utf8.Trim(" \t"u8);
        if (utf8.IsEmpty || utf8.Length > MaxLength || utf8[^1] == 0)
        {
            return false;
        }

        if (CompactDigits(utf8) is { } digits)
        {
            return TryParse(digits, Compact, out seconds) && seconds >= FirstCompact;
        }

        return double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds)
            ? Math.Abs(seconds) <= MaxSeconds
            : TryParse(Encoding.UTF8.GetString(utf8), Formats, out seconds);
    }

    /// <summary>Finds out that a whole column of what was read as seconds since 1970 is rather dates in a short form.</summary>
    /// <returns>What it is, such as "years"; null where it is none.</returns>
    public static string? FindShortDates(ReadOnlySpan<double> seconds)
    {
        (bool years, bool months, bool days) = (!seconds.IsEmpty, !seconds.IsEmpty, !seconds.IsEmpty);
        foreach (double value in seconds)
        {
            if (!(years || months || days) || value is not (>= 1_900 and < 1_000_000) || value != Math.Floor(value))
            {
                return null;
            }

            int number = (int)value;
            years &= number <= 2_100;
            months &= number is >= 190_001 and <= 210_012 && IsDate(number / 100, number % 100, 1);
            days &= number >= 10_101 && IsDate(2000 + (number / 10_000), number / 100 % 100, number % 100);
        }

        return years ? "years" : months ? "months such as 202501" : days ? "dates such as 250131" : null;
    }

    // Also of a number that a program wrote as 20250101.0 or 2.0250101e7.
    private static string? CompactDigits(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 8 or 12 or 14 && !utf8.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return Encoding.UTF8.GetString(utf8);
        }

        return double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number is (>= 1e7 and < 1e8) or (>= 1e11 and < 1e12) or (>= 1e13 and < 1e14)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : null;
    }

    private static bool TryParse(string text, string[] formats, out double seconds)
    {
        bool parsed = DateTimeOffset.TryParseExact(
            text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        seconds = (time - DateTimeOffset.UnixEpoch).TotalSeconds;
        return parsed;
    }

    private static bool IsDate(int year, int month, int day) => month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
}
