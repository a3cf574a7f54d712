using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Relay.Server.Telemetry;

/// <summary>Collects what the relay and its platform count, for the scrapes of Prometheus.</summary>
internal static class TelemetryFeature
{
    private const string Service = "relay";

    /// <summary>Of the platform: requests by route, connections, refusals by rate limits, memory and garbage collection.</summary>
    private static readonly string[] PlatformMeters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime"];

    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddMetrics().AddSingleton<RelayMeter>();
        services.AddOpenTelemetry()
            .ConfigureResource(Describe)
            .WithMetrics(metrics => metrics.AddMeter(RelayMeter.Name).AddMeter(PlatformMeters).AddPrometheusExporter());
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
        {
            IMeterFactory own = provider.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => SelectView(instrument, own));
        });
        return services;
    }

    private static void Describe(ResourceBuilder resource) => resource
        .Clear()
        .AddService(Service, serviceVersion: typeof(TelemetryFeature).Assembly.GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    /// <summary>A meter without a scope is the process's; one of another factory belongs to another relay in this process.</summary>
    private static MetricStreamConfiguration SelectView(Instrument instrument, IMeterFactory own) =>
        instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, own)
            ? new MetricStreamConfiguration { CardinalityLimit = RelayMeter.MaximumSeries }
            : MetricStreamConfiguration.Drop;
}
