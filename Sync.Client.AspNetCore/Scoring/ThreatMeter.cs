using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sync.Client.AspNetCore.Scoring;

/// <summary>The figures of threat scoring, for OpenTelemetry and <c>dotnet-counters</c>.</summary>
internal sealed class ThreatMeter
{
    public const string MeterName = "Relay.ThreatScoring";

    /// <summary>The label of a request without a score.</summary>
    private const string Unscored = "unscored";

    private static readonly string[] Actions = [.. Enum.GetNames<ThreatAction>().Select(action => action.ToLowerInvariant())];

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    public ThreatMeter(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>(
            "relay.threat.requests", "{request}", "Scored requests by action and label; 'unscored' is no label of a model.");
        _duration = meter.CreateHistogram<double>("relay.threat.duration", "s", "Time to compute the features of a request and to score them.");
    }

    /// <summary>0 where no listener records durations.</summary>
    public long Start() => _duration.Enabled ? Stopwatch.GetTimestamp() : 0;

    public void Count(in ThreatVerdict verdict, long started)
    {
        _requests.Add(
            1, new("relay.threat.action", Actions[(int)verdict.Action]),
            new("relay.threat.label", verdict.IsScored ? verdict.Prediction.Label : Unscored));
        if (started != 0)
        {
            _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }
}
