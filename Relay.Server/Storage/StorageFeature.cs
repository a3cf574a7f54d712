namespace Relay.Server.Storage;

/// <summary>The data folder, the database and the artifact store, which are open before the services are composed.</summary>
internal static class StorageFeature
{
    /// <summary>Registers opened instances: the container does not dispose them, their opener does.</summary>
    public static IServiceCollection AddRelayStorage(
        this IServiceCollection services, DataFolder folder, RelayDatabase database, ArtifactStore artifacts) => services
        .AddSingleton(folder)
        .AddSingleton(database)
        .AddSingleton<DatabaseWriter>()
        .AddSingleton(artifacts)
        .AddSingleton<StorageHealth>()
        .AddSingleton<IntactFiles>();
}
