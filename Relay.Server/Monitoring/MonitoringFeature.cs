using Relay.Server.Monitoring.Figures;
using Relay.Server.ObjectStore;

namespace Relay.Server.Monitoring;

/// <summary>Health, statistics, and what expires before long.</summary>
internal static class MonitoringFeature
{
    /// <param name="timeProvider">The uptime counts from this call.</param>
    public static IServiceCollection AddMonitoring(this IServiceCollection services, TimeProvider timeProvider) => services
        .AddSingleton(new Uptime(timeProvider))
        .AddSingleton<RelayStatistics>()
        .AddSingleton<TrustOverview>()
        .AddSingleton<IFigureSource, FleetFigures>()
        .AddSingleton<IFigureSource, TrustFigures>()
        .AddSingleton<IFigureSource, ApprovalFigures>()
        .AddSingleton<IFigureSource, TrainingFigures>()
        .AddSingleton<IFigureSource, RolloutFigures>()
        .AddSingleton<IFigureSource, DatasetFigures>()
        .AddSingleton<IFigureSource, StorageFigures>()
        .AddSingleton<IFigureSource, ProcessFigures>()
        .AddSingleton<IFigureSource>(provider => new ObjectStoreFigures(provider.GetService<CopyStatus>(), timeProvider))
        .AddSingleton<FigureReader>()
        .AddSingleton<FigureGauges>()
        .AddSingleton<StateEvents>()
        .AddHostedService(services => services.GetRequiredService<StateEvents>())
        .AddHostedService<ExpiryMonitor>();

    public static IEndpointRouteBuilder MapMonitoring(this IEndpointRouteBuilder app)
    {
        TrustEndpoints.Map(app);
        StatsEndpoints.Map(app);
        HealthEndpoints.Map(app);
        MetricsEndpoint.Map(app);
        return app;
    }
}
