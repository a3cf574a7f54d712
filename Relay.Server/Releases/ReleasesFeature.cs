namespace Relay.Server.Releases;

/// <summary>Releases, channels, revocations and pending publications.</summary>
internal static class ReleasesFeature
{
    public static IServiceCollection AddReleases(this IServiceCollection services) => services
        .AddSingleton<VersionPackager>()
        .AddSingleton<ReleasedSigners>();

    public static IEndpointRouteBuilder MapReleases(this IEndpointRouteBuilder app)
    {
        ChannelEndpoints.Map(app);
        RevocationEndpoints.Map(app);
        PendingEndpoints.Map(app);
        return app;
    }
}
