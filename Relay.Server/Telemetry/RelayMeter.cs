using System.Diagnostics.Metrics;

namespace Relay.Server.Telemetry;

/// <summary>The meter of a relay, from its own factory: two relays in one process count apart.</summary>
internal sealed class RelayMeter(IMeterFactory meters)
{
    public const string Name = "Relay.Server";

    /// <summary>Series of one metric that are kept; what goes beyond is added up in one more.</summary>
    public const int MaximumSeries = 1000;

    public Meter Meter { get; } = meters.Create(new MeterOptions(Name));
}
