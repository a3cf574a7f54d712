using System.Diagnostics.Metrics;

namespace Relay.Server.Monitoring.Figures;

/// <summary>An instrument whose values are read when someone asks for them.</summary>
/// <param name="Name">In the form of OpenTelemetry; Prometheus gets it with underscores and the unit.</param>
/// <param name="Unit">In the form of UCUM: s, By, or a noun in braces.</param>
internal sealed record Gauge(string Name, string Unit, string Description)
{
    /// <summary>True for a sum that never falls, also across restarts.</summary>
    public bool IsCounter { get; init; }

    public Figure Measure(double value) => new(this, new Measurement<double>(value));

    public Figure Measure(double value, string tag, string tagValue) =>
        new(this, new Measurement<double>(value, new KeyValuePair<string, object?>(tag, tagValue)));

    public Figure Measure(double value, string tag, string tagValue, string secondTag, string secondValue) => new(
        this,
        new Measurement<double>(
            value, new KeyValuePair<string, object?>(tag, tagValue), new KeyValuePair<string, object?>(secondTag, secondValue)));
}

/// <summary>A value of a gauge.</summary>
internal readonly record struct Figure(Gauge Gauge, Measurement<double> Value);
