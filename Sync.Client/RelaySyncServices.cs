using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sync.Client.Hosting;

namespace Sync.Client;

public static class RelaySyncServices
{
    /// <summary>Adds the models that the options name and the service that keeps them current. Ask for
    /// <see cref="IRelayModel"/>, by the model's name as key where there are several, for <see cref="IRelayModel{TRow}"/> by the type of
    /// its rows, or for <see cref="SyncClient"/>.</summary>
    public static IServiceCollection AddRelaySync(this IServiceCollection services, Action<RelaySyncOptions> configure)
    {
        services.AddOptions<RelaySyncOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<RelaySyncOptions>, RelaySyncOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new SyncClient(
            provider.GetRequiredService<IOptions<RelaySyncOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SyncClient>>()));
        services.AddKeyedSingleton(
            KeyedService.AnyKey, (provider, name) => provider.GetRequiredService<SyncClient>().Model((string)name!));
        services.AddSingleton(provider => OnlyModel(provider.GetRequiredService<SyncClient>()));
        services.AddSingleton(typeof(IRelayModel<>), typeof(RelayModelOfRows<>));
        services.AddKeyedSingleton(typeof(IRelayModel<>), KeyedService.AnyKey, typeof(RelayModelOfRows<>));
        services.AddHostedService<SyncWorker>();
        return services;
    }

    private static IRelayModel OnlyModel(SyncClient client) => client.Models.Count == 1
        ? client.Models.Single()
        : throw new InvalidOperationException(
            "this node runs several models: ask for one by name, such as GetRequiredKeyedService<IRelayModel>(\"threat-classifier\")");
}
