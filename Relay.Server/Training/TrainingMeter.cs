using System.Diagnostics.Metrics;
using Relay.Server.Telemetry;

namespace Relay.Server.Training;

/// <summary>Measures training runs that ended. One that the stop of the relay interrupts has not.</summary>
internal sealed class TrainingMeter(RelayMeter meter)
{
    private readonly Histogram<double> _duration = meter.Meter.CreateHistogram(
        "relay.training.run.duration", "s", "Time of training runs that ended, by outcome: succeeded, failed, cancelled",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 3600, 14_400] });

    public void Record(TrainingOutcome outcome, TimeSpan time) => _duration.Record(
        time.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome switch
        {
            TrainingOutcome.Succeeded => "succeeded",
            TrainingOutcome.Failed => "failed",
            _ => "cancelled",
        }));
}
