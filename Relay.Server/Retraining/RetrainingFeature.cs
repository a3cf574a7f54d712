namespace Relay.Server.Retraining;

/// <summary>Training runs that start by themselves: at a time of day, after enough samples, or when samples drift.</summary>
internal static class RetrainingFeature
{
    public static IServiceCollection AddRetraining(this IServiceCollection services) => services
        .AddSingleton<TriggerStore>()
        .AddSingleton<TriggerEvaluation>()
        .AddSingleton<TriggerWorker>()
        .AddHostedService(services => services.GetRequiredService<TriggerWorker>());

    public static IEndpointRouteBuilder MapRetraining(this IEndpointRouteBuilder app)
    {
        TriggerEndpoints.Map(app);
        return app;
    }
}
