using Shared.Contracts;

namespace Sync.Client.Updates.Maintenance;

/// <summary>The times of the week in which a node may change to a new release, by the clock of a time zone. Pure.</summary>
/// <remarks>A span begins when the clock first shows its start, and ends when it first shows its end: an hour that is repeated when summer
/// time ends opens it once. A span whose start the clock skips begins at the jump and keeps its length, so that no change of the clock takes
/// a weekly window away.</remarks>
internal sealed class MaintenanceWindow
{
    private const int MaximumLength = 256;
    private readonly WindowSpan[] _spans;
    private readonly TimeZoneInfo? _zone;

    private MaintenanceWindow(WindowSpan[] spans, TimeZoneInfo? zone) => (_spans, _zone) = (spans, zone);

    /// <summary>Reads <c>[days ]times[; [days ]times ...][ time zone]</c>, such as <c>Mon-Fri 22:00-04:00; Sat,Sun 00:00-24:00
    /// Europe/Berlin</c>.</summary>
    public static Result<MaintenanceWindow, WindowRefusal> Read(string text)
    {
        if (text.Length is 0 or > MaximumLength)
        {
            return Malformed(text);
        }

        List<WindowSpan> spans = [];
        TimeZoneInfo? zone = null;
        string[] parts = text.Split(';');
        for (int i = 0; i < parts.Length; i++)
        {
            string[] words = parts[i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int times = Array.FindIndex(words, word => char.IsAsciiDigit(word[0]));
            string name = string.Join(' ', words.Skip(times + 1));
            if (times is not (0 or 1) || (name.Length > 0 && i < parts.Length - 1))
            {
                return Malformed(text);
            }

            Result<WindowSpan, WindowRefusal> span = WindowSpan.Read(times == 1 ? words[0] : null, words[times]);
            if (!span.IsAccepted)
            {
                return span.Refusal;
            }

            if (name.Length > 0 && !TryFindZone(name, out zone))
            {
                return new WindowRefusal(
                    WindowFault.TimeZone,
                    $"this machine knows no time zone '{name}': write a name such as Europe/Berlin or UTC, install the package tzdata, or " +
                        $"leave it out for the machine's own");
            }

            spans.Add(span.Value);
        }

        return new MaintenanceWindow([.. spans], zone);
    }

    /// <summary>When the window opens next, in its time zone; null while it is open.</summary>
    /// <param name="machineZone">The time zone where the window names none.</param>
    public DateTimeOffset? FindOpening(DateTimeOffset now, TimeZoneInfo machineZone)
    {
        TimeZoneInfo zone = _zone ?? machineZone;
        DateTime today = TimeZoneInfo.ConvertTime(now, zone).Date;
        DateTimeOffset? next = null;

        // From two days before, for a span over midnight on a day that the clock skips, to a week after, in which each day comes up once.
        for (int day = -2; day <= 8; day++)
        {
            DateTime date = today.AddDays(day);
            foreach (WindowSpan span in _spans.Where(span => span.Days.Contains(date.DayOfWeek)))
            {
                (DateTimeOffset start, DateTimeOffset end) = FindOccurrence(zone, date, span);
                if (start <= now && now < end)
                {
                    return null;
                }

                next = start > now && !(next < start) ? start : next;
            }
        }

        return TimeZoneInfo.ConvertTime(next!.Value, zone);
    }

    private static (DateTimeOffset Start, DateTimeOffset End) FindOccurrence(TimeZoneInfo zone, DateTime date, WindowSpan span)
    {
        DateTime from = date + span.From;
        DateTimeOffset start = FindFirst(zone, from);
        return (start, zone.IsInvalidTime(from) ? start + span.Length : FindFirst(zone, from + span.Length));
    }

    /// <summary>When the clock of a zone first shows this time, or a later one where it skips it.</summary>
    private static DateTimeOffset FindFirst(TimeZoneInfo zone, DateTime local)
    {
        if (zone.IsAmbiguousTime(local))
        {
            return new DateTimeOffset(local, zone.GetAmbiguousTimeOffsets(local).Max());
        }

        if (!zone.IsInvalidTime(local))
        {
            return new DateTimeOffset(local, zone.GetUtcOffset(local));
        }

        long before = local.AddDays(-2).Ticks;
        long after = local.AddDays(2).Ticks;
        while (after - before > 1)
        {
            long middle = before + ((after - before) / 2);
            (before, after) = TimeZoneInfo.ConvertTimeFromUtc(new DateTime(middle, DateTimeKind.Utc), zone).Ticks < local.Ticks
                ? (middle, after)
                : (before, middle);
        }

        return new DateTimeOffset(after, TimeSpan.Zero);
    }

    // A zone is a file of the system: the name must not lead to another one.
    private static bool TryFindZone(string name, out TimeZoneInfo? zone)
    {
        zone = null;
        return char.IsAsciiLetter(name[0]) && !name.Contains("..", StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+' or '.' or ' ' or '(' or ')')
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone);
    }

    private static WindowRefusal Malformed(string text) => new(
        WindowFault.Form,
        $"'{CutForPeople(text)}' is no maintenance window: write days, times and at the end the time zone, such as 'Mon-Fri 22:00-04:00 " +
            $"Europe/Berlin'; several are separated by ';', and days and time zone may be left out");

    private static string CutForPeople(string text) => DisplayText.Escape(text, MaximumLength);
}
