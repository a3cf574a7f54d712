using Demo;
using SimulatedFleet;

namespace Relay.EndToEnd.Tests;

public sealed class ReturnOfFleetTests
{
    private static readonly DateTimeOffset Halted = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_NodesThatWentThereAndBack_CountsFromTheLastReportBeforeTheDecision()
    {
        FleetEvent[] journal =
        [
            Event(FleetEventKind.Activated, "a", 2, -2000, downloads: 1),
            Event(FleetEventKind.Activated, "b", 2, -1900, downloads: 1),
            Event(FleetEventKind.Reported, "c", 1, -50),
            Event(FleetEventKind.Reported, "a", 2, -300),
            Event(FleetEventKind.Reported, "b", 2, -120),
            Event(FleetEventKind.Reported, "b", 2, 30),
            Event(FleetEventKind.Activated, "b", 1, 90),
            Event(FleetEventKind.Activated, "a", 1, 200),
            Event(FleetEventKind.Activated, "d", 1, 900, downloads: 1),
        ];

        Assert.Equal(new ReturnOfFleet(Affected: 2, Milliseconds: 320, Downloads: 0), ReturnOfFleet.Read(journal, from: 2, to: 1, Halted));
    }

    [Fact]
    public void Read_NodeThatDidNotReportBeforeTheDecision_IsNoMeasurement() => Assert.Throws<DemoException>(() => ReturnOfFleet.Read(
        [Event(FleetEventKind.Activated, "a", 2, -10), Event(FleetEventKind.Reported, "a", 2, 1), Event(FleetEventKind.Activated, "a", 1, 5)],
        from: 2, to: 1, Halted));

    private static FleetEvent Event(FleetEventKind kind, string node, int release, int milliseconds, int downloads = 0) =>
        new(kind, node, release, Halted.AddMilliseconds(milliseconds), Timestamp: 0, downloads);
}
