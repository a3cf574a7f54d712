using System.Globalization;
using Shared.Contracts;

namespace Sync.Client.Updates.Maintenance;

/// <summary>A time of day on some days of the week, such as <c>Mon-Fri 22:00-04:00</c>. It belongs to the day on which it begins.</summary>
/// <param name="Days">By <see cref="DayOfWeek"/>.</param>
/// <param name="From">Time of day.</param>
/// <param name="Length">Above zero, at most a day.</param>
internal sealed record WindowSpan(IReadOnlySet<DayOfWeek> Days, TimeSpan From, TimeSpan Length)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly string[] DayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    /// <param name="days">Null for every day.</param>
    public static Result<WindowSpan, WindowRefusal> Read(string? days, string times)
    {
        HashSet<DayOfWeek>? read = days is null ? [.. Enum.GetValues<DayOfWeek>()] : ReadDays(days);
        return read is null
            ? new WindowRefusal(
                WindowFault.Days, $"'{days}' names no days: write Mon, Tue, Wed, Thu, Fri, Sat, Sun, each once, such as Mon-Fri or Sat,Sun")
            : times.Split('-') is [var from, var to]
                && ReadTime(from) is { } start && start < Day && ReadTime(to) is { } end && start != end
                ? new WindowSpan(read, start, end > start ? end - start : end + Day - start)
                : new WindowRefusal(
                    WindowFault.Times,
                    $"'{times}' is no time of day: write two different times, such as 22:00-04:00, or 00:00-24:00 for the whole day");
    }

    private static HashSet<DayOfWeek>? ReadDays(string text)
    {
        HashSet<DayOfWeek> days = [];
        foreach (string part in text.Split(','))
        {
            int[] ends = [.. part.Split('-').Select(name => Array.IndexOf(DayNames, name))];
            if (ends.Contains(-1) || ends.Length > 2)
            {
                return null;
            }

            for (int day = ends[0]; ; day = (day + 1) % 7)
            {
                if (!days.Add((DayOfWeek)day))
                {
                    return null;
                }

                if (day == ends[^1])
                {
                    break;
                }
            }
        }

        return days;
    }

    private static TimeSpan? ReadTime(string text) =>
        text == "24:00" ? Day
        : TimeSpan.TryParseExact(text, @"hh\:mm", CultureInfo.InvariantCulture, out TimeSpan time) ? time
        : null;
}
