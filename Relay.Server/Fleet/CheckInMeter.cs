using System.Diagnostics.Metrics;
using Relay.Server.Telemetry;

namespace Relay.Server.Fleet;

/// <summary>Counts what becomes of reports. A request without a valid credential does not come this far: the requests by route and status count
/// it.</summary>
internal sealed class CheckInMeter
{
    private const string Tag = "outcome";

    private static readonly KeyValuePair<string, object?> Invalid = new(Tag, "invalid");
    private static readonly KeyValuePair<string, object?>[] Outcomes =
        [.. Enum.GetValues<CheckInOutcome>().Select(outcome => new KeyValuePair<string, object?>(Tag, NameOf(outcome)))];

    private readonly Counter<long> _checkIns;

    public CheckInMeter(RelayMeter meter)
    {
        _checkIns = meter.Meter.CreateCounter<long>(
            "relay.check_ins", "{check-in}",
            "Check-ins since the start, by outcome: stored and repeated are accepted, all others are refused");

        // A counter that is there from the start shows its first increase.
        foreach (KeyValuePair<string, object?> outcome in Outcomes.Append(Invalid))
        {
            _checkIns.Add(0, outcome);
        }
    }

    public void Count(CheckInOutcome outcome) => _checkIns.Add(1, Outcomes[(int)outcome]);

    /// <summary>Counts one whose content is refused.</summary>
    public void CountInvalid() => _checkIns.Add(1, Invalid);

    private static string NameOf(CheckInOutcome outcome) => outcome switch
    {
        CheckInOutcome.Stored => "stored",
        CheckInOutcome.FleetFull => "fleet-full",
        CheckInOutcome.Busy => "busy",
        CheckInOutcome.Repeated => "repeated",
        CheckInOutcome.Outdated => "outdated",
        CheckInOutcome.Unsigned => "unsigned",
        CheckInOutcome.NotEnrolled => "not-enrolled",
        CheckInOutcome.Banned => "banned",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
