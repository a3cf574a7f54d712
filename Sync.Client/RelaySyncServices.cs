using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sync.Client.Hosting;

namespace Sync.Client;

/// <summary>Registration of a node in a host's services.</summary>
public static class RelaySyncServices
{
    /// <summary>Adds the models that the options name and the service that keeps them current. Resolve <see cref="IRelayModel"/>, with the
    /// model's name as key where there are several; <see cref="IRelayModel{TRow}"/>; <see cref="IRelaySamples"/>; or
    /// <see cref="SyncClient"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options; they are validated when the host starts.</param>
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
        services.AddSingleton(provider => provider.GetRequiredService<SyncClient>().Samples);
        services.AddSingleton(provider => OnlyModel(provider.GetRequiredService<SyncClient>()));
        services.AddSingleton(typeof(IRelayModel<>), typeof(RelayModelOfRows<>));
        services.AddKeyedSingleton(typeof(IRelayModel<>), KeyedService.AnyKey, typeof(RelayModelOfRows<>));
        services.AddHostedService<SyncWorker>();
        return services;
    }

    private static IRelayModel OnlyModel(SyncClient client) => client.Models.Count == 1
        ? client.Models.Single()
        : throw new InvalidOperationException(
            "this node runs several models: resolve one by its name, such as GetRequiredKeyedService<IRelayModel>(\"threat-classifier\")");
}
