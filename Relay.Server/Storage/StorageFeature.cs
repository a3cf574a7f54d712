using Relay.Server.Storage.Folders;

namespace Relay.Server.Storage;

/// <summary>The data folder, the database and the artifact store, which are open before the services are composed.</summary>
internal static class StorageFeature
{
    /// <summary>Registers opened instances: the container does not dispose them, their opener does.</summary>
    /// <param name="maximumBytes">Of the data folder; 0: no limit.</param>
    public static IServiceCollection AddRelayStorage(
        this IServiceCollection services, DataFolder folder, RelayDatabase database, ArtifactStore artifacts, StoredFolder? stored, long maximumBytes)
    {
        if (stored is not null)
        {
            services.AddSingleton(stored);
        }

        return services
            .AddSingleton(folder)
            .AddSingleton(database)
            .AddSingleton<DatabaseWriter>()
            .AddSingleton(artifacts)
            .AddSingleton(provider => new FolderQuota(folder, maximumBytes, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<StorageHealth>()
            .AddSingleton<IntactFiles>();
    }
}
