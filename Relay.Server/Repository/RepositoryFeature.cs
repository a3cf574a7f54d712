using Relay.Server.Repository.Compression;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Publishing;
using Relay.Server.Repository.Renewal;
using Relay.Server.Telemetry;

namespace Relay.Server.Repository;

/// <summary>The TUF repository: its changes, its renewal and its files.</summary>
internal static class RepositoryFeature
{
    /// <param name="repository">A repository that is initialized.</param>
    public static IServiceCollection AddRepository(this IServiceCollection services, TufRepository repository) => services
        .AddSingleton(repository)
        .AddSingleton<RepositoryCache>()
        .AddSingleton<TimestampFile>()
        .AddSingleton<CompressedFiles>()
        .AddSingleton<RepositoryReads>()
        .AddHostedService<CompressionWorker>()
        .AddSingleton(provider => new ReleasePublisher(repository) { Traces = provider.GetRequiredService<RelayTraces>() })
        .AddSingleton<PolicyPublisher>()
        .AddSingleton<ChannelRemover>()
        .AddSingleton<ApprovalService>()
        .AddSingleton<RenewalService>()
        .AddHostedService<PublicationMeter>()
        .AddHostedService<MetadataRenewalWorker>()
        .AddHostedService<GarbageCollectionWorker>();

    public static IEndpointRouteBuilder MapRepository(this IEndpointRouteBuilder app)
    {
        RepositoryEndpoints.Map(app);
        return app;
    }
}
