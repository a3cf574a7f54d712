using Relay.Server.Fleet;

namespace Relay.Server.Rollouts;

/// <summary>Staged rollouts: a release reaches more and more nodes while it does no harm, and is taken back when it does.</summary>
internal static class RolloutsFeature
{
    public static IServiceCollection AddRollouts(this IServiceCollection services) => services
        .AddSingleton<RolloutStore>()
        .AddSingleton<RolloutPublisher>()
        .AddSingleton<RolloutTransitions>()
        .AddSingleton<RolloutVerdicts>()
        .AddSingleton<RolloutDirector>()
        .AddSingleton<RolloutScopes>()
        .AddSingleton<EvidenceGaps>()
        .AddSingleton<ListeningTime>()
        .AddSingleton<RolloutSignal>()
        .AddSingleton<RolloutStarter>()
        .AddSingleton<RolloutViews>()
        .AddSingleton<RolloutRecorder>()
        .AddSingleton<ICheckInObserver>(provider => provider.GetRequiredService<RolloutRecorder>())
        .AddSingleton<INodeExclusionObserver>(provider => provider.GetRequiredService<RolloutRecorder>())
        .AddHostedService<RolloutWorker>();

    public static IEndpointRouteBuilder MapRollouts(this IEndpointRouteBuilder app)
    {
        RolloutEndpoints.Map(app);
        return app;
    }
}
