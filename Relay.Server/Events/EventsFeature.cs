using Relay.Server.Fleet;
using Relay.Server.Repository;

namespace Relay.Server.Events;

/// <summary>Server-sent events that tell nodes to look at the metadata.</summary>
internal static class EventsFeature
{
    public static IServiceCollection AddEvents(this IServiceCollection services, EventLimits limits, PollPace pace) => services
        .AddSingleton(limits)
        .AddSingleton(pace)
        .AddSingleton<EventStreams>()
        .AddSingleton<INodeExclusionObserver>(provider => provider.GetRequiredService<EventStreams>())
        .AddHostedService<TimestampWatcher>();

    public static IEndpointRouteBuilder MapEvents(this IEndpointRouteBuilder app)
    {
        // A relay without streams answers as one that never had any: nodes poll, and ask again after an hour.
        if (app.ServiceProvider.GetRequiredService<EventLimits>().Streams > 0)
        {
            EventEndpoints.Map(app);
        }

        return app;
    }
}
