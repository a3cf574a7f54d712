using System.Globalization;
using Sync.Client.Updates.Maintenance;

namespace Sync.Client.Tests.Updates.Maintenance;

/// <summary>When a window opens, by the clock of its time zone: over midnight, weekends, and the hours that a clock skips or repeats.</summary>
public sealed class MaintenanceWindowTests
{
    [Theory]
    [InlineData("", WindowFault.Form)]
    [InlineData(" ", WindowFault.Form)]
    [InlineData("always", WindowFault.Form)]
    [InlineData("Mon", WindowFault.Form)]
    [InlineData("Mon Tue 22:00-23:00", WindowFault.Form)]
    [InlineData("22:00-23:00;", WindowFault.Form)]
    [InlineData("22:00-23:00 UTC; 01:00-02:00", WindowFault.Form)]
    [InlineData("mon 22:00-23:00", WindowFault.Days)]
    [InlineData("Monday 22:00-23:00", WindowFault.Days)]
    [InlineData("Mon,Mon 22:00-23:00", WindowFault.Days)]
    [InlineData("Mon-Wed,Tue 22:00-23:00", WindowFault.Days)]
    [InlineData("Mon- 22:00-23:00", WindowFault.Days)]
    [InlineData("Mon-Tue-Wed 22:00-23:00", WindowFault.Days)]
    [InlineData("22:00", WindowFault.Times)]
    [InlineData("22:00-22:00", WindowFault.Times)]
    [InlineData("24:00-02:00", WindowFault.Times)]
    [InlineData("22:00-25:00", WindowFault.Times)]
    [InlineData("22:60-23:00", WindowFault.Times)]
    [InlineData("9:00-10:00", WindowFault.Times)]
    [InlineData("22:00–04:00", WindowFault.Times)]
    [InlineData("22:00-04:00 Europe/Atlantis", WindowFault.TimeZone)]
    [InlineData("22:00-04:00 ../../etc/passwd", WindowFault.TimeZone)]
    [InlineData("22:00-04:00 Europe/../../../etc/localtime", WindowFault.TimeZone)]
    [InlineData("22:00-04:00 /etc/localtime", WindowFault.TimeZone)]
    internal void Read_TextThatIsNone_SaysWhichPart(string text, WindowFault fault) =>
        Assert.Equal(fault, MaintenanceWindow.Read(text).Refusal?.Fault);

    [Fact]
    public void Read_LongText_IsRefused() =>
        Assert.Equal(WindowFault.Form, MaintenanceWindow.Read(string.Join(';', Enumerable.Repeat("22:00-23:00", 40))).Refusal?.Fault);

    // 15 January 2030 is a Tuesday.
    [Theory]
    [InlineData("22:00-04:00 UTC", "2030-01-15T21:59:59Z", "2030-01-15T22:00Z")]
    [InlineData("22:00-04:00 UTC", "2030-01-15T22:00:00Z", null)]
    [InlineData("22:00-04:00 UTC", "2030-01-16T03:59:59Z", null)]
    [InlineData("22:00-04:00 UTC", "2030-01-16T04:00:00Z", "2030-01-16T22:00Z")]
    [InlineData("Mon-Fri 22:00-04:00 UTC", "2030-01-19T03:00Z", null)]
    [InlineData("Mon-Fri 22:00-04:00 UTC", "2030-01-19T23:00Z", "2030-01-21T22:00Z")]
    [InlineData("Mon-Fri 22:00-04:00 UTC", "2030-01-21T03:00Z", "2030-01-21T22:00Z")]
    [InlineData("Sat-Mon 10:00-11:00 UTC", "2030-01-15T12:00Z", "2030-01-19T10:00Z")]
    [InlineData("Mon-Fri 22:00-04:00; Sat,Sun 00:00-24:00 UTC", "2030-01-20T23:59Z", null)]
    [InlineData("Sat,Sun 00:00-24:00 UTC", "2030-01-21T00:00Z", "2030-01-26T00:00Z")]
    [InlineData("Tue 12:00-13:00 UTC", "2030-01-15T13:00Z", "2030-01-22T12:00Z")]
    [InlineData("00:00-24:00 UTC", "2030-01-15T00:00Z", null)]
    [InlineData("22:00-04:00 Europe/Berlin", "2030-01-15T20:59Z", "2030-01-15T21:00Z")]
    [InlineData("22:00-04:00 Asia/Kolkata", "2030-01-15T12:00Z", "2030-01-15T16:30Z")]

    // Berlin's clock goes from 02:00 to 03:00 on 31 March 2030: a Sunday's window at that time begins at the jump and keeps its length.
    [InlineData("Sun 02:00-03:00 Europe/Berlin", "2030-03-30T12:00Z", "2030-03-31T01:00Z")]
    [InlineData("Sun 02:00-03:00 Europe/Berlin", "2030-03-31T01:59Z", null)]
    [InlineData("Sun 02:00-03:00 Europe/Berlin", "2030-03-31T02:00Z", "2030-04-07T00:00Z")]
    [InlineData("02:15-02:45 Europe/Berlin", "2030-03-31T01:29Z", null)]
    [InlineData("02:15-02:45 Europe/Berlin", "2030-03-31T01:30Z", "2030-04-01T00:15Z")]
    [InlineData("01:30-02:30 Europe/Berlin", "2030-03-31T00:59Z", null)]
    [InlineData("01:30-02:30 Europe/Berlin", "2030-03-31T01:00Z", "2030-03-31T23:30Z")]

    // It shows 02:00 to 03:00 twice on 27 October 2030: the window opens once.
    [InlineData("02:15-02:45 Europe/Berlin", "2030-10-26T23:00Z", "2030-10-27T00:15Z")]
    [InlineData("02:15-02:45 Europe/Berlin", "2030-10-27T00:44Z", null)]
    [InlineData("02:15-02:45 Europe/Berlin", "2030-10-27T01:20Z", "2030-10-28T01:15Z")]
    [InlineData("22:00-04:00 Europe/Berlin", "2030-10-27T02:59Z", null)]
    [InlineData("22:00-04:00 Europe/Berlin", "2030-10-27T03:00Z", "2030-10-27T21:00Z")]

    // Half an hour on Lord Howe Island.
    [InlineData("02:10-02:20 Australia/Lord_Howe", "2030-10-05T15:00Z", "2030-10-05T15:30Z")]

    // Midnight itself is skipped in Beirut.
    [InlineData("00:00-24:00 Asia/Beirut", "2030-03-30T22:30Z", null)]
    public void FindOpening_AtATime_IsTheNextOneOrNone(string window, string now, string? expected) =>
        Assert.Equal(Time(expected), Read(window).FindOpening(Time(now)!.Value, TimeZoneInfo.Utc));

    [Fact]
    public void FindOpening_NoZone_GoesByTheMachines()
    {
        TimeZoneInfo machine = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

        DateTimeOffset? opening = Read("22:00-04:00").FindOpening(Time("2030-01-15T12:00Z")!.Value, machine);

        Assert.Equal((Time("2030-01-16T03:00Z"), TimeSpan.FromHours(-5)), (opening, opening?.Offset));
    }

    [Fact]
    public void FindOpening_AnyWindowInAnyZone_OpensThenAndNotBefore()
    {
        Random random = new(42);
        string[] zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "Pacific/Apia"];
        for (int i = 0; i < 2000; i++)
        {
            (int from, int length) = (random.Next(1440), random.Next(1, 1440));
            string days = "Sun,Mon,Tue,Wed,Thu,Fri,Sat".Split(',')[random.Next(7)];
            MaintenanceWindow window = Read($"{days} {Clock(from)}-{Clock((from + length) % 1440)} {zones[random.Next(zones.Length)]}");
            DateTimeOffset now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(525_600));

            if (window.FindOpening(now, TimeZoneInfo.Utc) is { } opening)
            {
                Assert.InRange(opening - now, TimeSpan.FromTicks(1), TimeSpan.FromDays(8));
                Assert.Null(window.FindOpening(opening, TimeZoneInfo.Utc));
                Assert.Equal(opening, window.FindOpening(opening.AddTicks(-1), TimeZoneInfo.Utc));
            }
        }
    }

    private static MaintenanceWindow Read(string text) => MaintenanceWindow.Read(text).Value!;

    private static string Clock(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    private static DateTimeOffset? Time(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
