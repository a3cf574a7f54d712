namespace Relay.Server.Retention;

/// <summary>What becomes of training runs and versions that no one needs any more.</summary>
internal static class RetentionFeature
{
    public static IServiceCollection AddRetention(this IServiceCollection services, RetentionRules rules) => services
        .AddSingleton(rules)
        .AddSingleton<VersionDeletion>()
        .AddSingleton<RunDeletion>()
        .AddSingleton<RetentionSweep>()
        .AddHostedService<RetentionSweepWorker>();

    public static IEndpointRouteBuilder MapRetention(this IEndpointRouteBuilder app)
    {
        DeletionEndpoints.Map(app);
        return app;
    }
}
