using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Relay.Server.Telemetry;

/// <summary>Collects what the relay and its platform count, for the scrapes of Prometheus, and exports it with traces where an endpoint is set.
/// </summary>
internal static class TelemetryFeature
{
    private const string Service = "relay";

    /// <summary>Of the platform: requests by route, connections, refusals by rate limits, memory and garbage collection.</summary>
    private static readonly string[] PlatformMeters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime"];

    /// <summary>Enough for generations, reasons and types of exceptions.</summary>
    private const int MaximumPlatformSeries = 100;

    private const string Requests = "http.server.request.duration";

    /// <summary>Without the version of HTTP and the scheme: each would be as many series again, and what is beyond the limit has no status.</summary>
    private static readonly string[] RequestTags = ["http.request.method", "http.response.status_code", "http.route", "error.type"];

    /// <summary>Asked for all the time, by programs: they would be most of all traces.</summary>
    private static readonly PathString[] Untraced = ["/health", "/metrics"];

    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetrySettings settings)
    {
        services.AddMetrics().AddSingleton<RelayMeter>().AddSingleton<TraceStore>().AddSingleton<RelayTraces>().AddSingleton(settings);
        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry().ConfigureResource(Describe).WithMetrics(metrics =>
        {
            metrics.AddMeter(RelayMeter.Name).AddMeter(PlatformMeters).AddPrometheusExporter();
            if (settings.ExportsMetrics)
            {
                metrics.AddOtlpExporter();
            }
        });
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
        {
            IMeterFactory own = provider.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => SelectView(instrument, own));
        });
        if (settings.ExportsTraces)
        {
            telemetry.WithTracing(traces => traces
                .AddSource(RelayTraces.Source.Name)
                .AddAspNetCoreInstrumentation(requests => requests.Filter = request =>
                    !Untraced.Any(path => request.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)))
                .AddOtlpExporter());
        }

        return services;
    }

    /// <summary>Where traces are exported, each answer names its own.</summary>
    public static IApplicationBuilder UseTraceHeader(this IApplicationBuilder app) =>
        app.ApplicationServices.GetRequiredService<TelemetrySettings>().ExportsTraces ? app.Use(TraceHeader.InvokeAsync) : app;

    private static void Describe(ResourceBuilder resource) => resource
        .Clear()
        .AddService(Service, serviceVersion: typeof(TelemetryFeature).Assembly.GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    /// <summary>A meter without a scope is the process's; one of another factory belongs to another relay in this process.</summary>
    private static MetricStreamConfiguration SelectView(Instrument instrument, IMeterFactory own) =>
        instrument.Meter.Scope is not null && !ReferenceEquals(instrument.Meter.Scope, own) ? MetricStreamConfiguration.Drop
        : instrument.Name == Requests ? new MetricStreamConfiguration { CardinalityLimit = RelayMeter.MaximumSeries, TagKeys = RequestTags }
        : new MetricStreamConfiguration
        {
            // The memory of all series is taken at the start.
            CardinalityLimit = instrument.Meter.Name == RelayMeter.Name ? RelayMeter.MaximumSeries : MaximumPlatformSeries,
        };
}
