using System.Globalization;
using System.Text;

namespace Relay.Training.Data.Csv;

/// <summary>Times as data files write them.</summary>
internal static class TimeText
{
    public const string Expected = "a time in ISO 8601, such as 2026-01-31T23:59:59Z, or in seconds since 1970";

    private const int MaxLength = 40;
    private static readonly double MaxSeconds = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Parses ISO 8601 (a blank may replace the T; without an offset the time is UTC) or seconds since 1970.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out double seconds)
    {
        seconds = 0;
        if (utf8.IsEmpty || utf8.Length > MaxLength)
        {
            return false;
        }

        if (double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds))
        {
            return Math.Abs(seconds) <= MaxSeconds;
        }

        bool parsed = DateTimeOffset.TryParseExact(
            Encoding.UTF8.GetString(utf8), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        seconds = (time - DateTimeOffset.UnixEpoch).TotalSeconds;
        return parsed;
    }
}
