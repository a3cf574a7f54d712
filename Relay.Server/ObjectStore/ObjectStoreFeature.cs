using Relay.Server.Http.Access;
using Relay.Server.ObjectStore.Client;
using Relay.Server.ObjectStore.Copying;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.ObjectStore;

/// <summary>The copy of the published repository in an S3-compatible store.</summary>
internal static class ObjectStoreFeature
{
    /// <param name="settings">Null: there is none.</param>
    public static IServiceCollection AddObjectStore(this IServiceCollection services, ObjectStoreSettings? settings)
    {
        if (settings is null)
        {
            return services;
        }

        services
            .AddSingleton(settings)
            .AddSingleton<CopyStatus>()
            .AddSingleton(_ => new S3Bucket(settings))
            .AddSingleton(provider => new PublishedFolder(
                provider.GetRequiredService<DataFolder>().Repository, provider.GetRequiredService<IntactFiles>()))
            .AddSingleton(provider => new VerifiedObjects(
                provider.GetRequiredService<DataFolder>().ObjectStoreRecord, settings.Name, new DurableFiles()))
            .AddSingleton(provider => new BucketCopy(
                provider.GetRequiredService<PublishedFolder>(), provider.GetRequiredService<TufRepository>(),
                provider.GetRequiredService<S3Bucket>(), provider.GetRequiredService<VerifiedObjects>(),
                provider.GetRequiredService<OpenAccess>().Artifacts))
            .AddHostedService<CopyWorker>();
        return settings.RedirectTargets
            ? services.AddSingleton<S3Presigner>().AddSingleton<ITargetLocations, BucketLocations>()
            : services;
    }
}
