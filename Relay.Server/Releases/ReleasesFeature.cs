namespace Relay.Server.Releases;

/// <summary>Releases, channels, revocations and pending publications.</summary>
internal static class ReleasesFeature
{
    public static IServiceCollection AddReleases(this IServiceCollection services) => services
        .AddSingleton<VersionPackager>()
        .AddSingleton<SchemaChangeImpact>()
        .AddSingleton<TwoPeopleRule>()
        .AddSingleton<PendingVersionChanges>()
        .AddSingleton<PendingViews>()
        .AddSingleton<RevocationStore>()
        .AddSingleton<RevocationMonitor>()
        .AddHostedService(services => services.GetRequiredService<RevocationMonitor>())
        .AddSingleton<ReleasedSigners>()
        .AddSingleton<ModelArchive>();

    public static IEndpointRouteBuilder MapReleases(this IEndpointRouteBuilder app)
    {
        ChannelEndpoints.Map(app);
        ReleaseEndpoints.Map(app);
        ChannelDeletion.Map(app);
        ArchiveEndpoints.Map(app);
        RevocationEndpoints.Map(app);
        PendingEndpoints.Map(app);
        return app;
    }
}
