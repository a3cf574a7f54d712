using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Repository.GarbageCollection;

namespace Relay.Server.Hosting;

/// <summary>Keys, signing, repository and releases.</summary>
internal static class TrustServices
{
    public static IServiceCollection AddTrust(this IServiceCollection services, RelayFolder folder) => services
        .AddSingleton(folder.Keys)
        .AddSingleton(folder.Signing.Artifacts)
        .AddSingleton(folder.Publisher)
        .AddSingleton<RepositoryCache>()
        .AddSingleton<ImmutableFileTags>()
        .AddHostedService<MetadataRenewalWorker>()
        .AddHostedService<GarbageCollectionWorker>()
        .AddSingleton<ReleasedSigners>()
        .AddSingleton(s => new VersionPackager(
            folder.Artifacts, s.GetRequiredService<RepositoryCache>(), folder.Signing.Evidence, folder.Signing.Timestamps,
            s.GetRequiredService<TimeProvider>()));
}
