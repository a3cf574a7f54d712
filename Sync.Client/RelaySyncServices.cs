using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shared.Contracts;
using Sync.Client.Hosting;

namespace Sync.Client;

/// <summary>Registration of nodes in a host's services.</summary>
public static class RelaySyncServices
{
    /// <summary>Adds the models that the options name and the service that keeps them current. Resolve <see cref="IRelayModel"/>, with the
    /// model's name as key where there are several; <see cref="IRelayModel{TRow}"/>; <see cref="IRelaySamples"/>; or
    /// <see cref="SyncClient"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options; they are validated when the host starts.</param>
    /// <exception cref="InvalidOperationException">The services have a relay without a name already.</exception>
    public static IServiceCollection AddRelaySync(this IServiceCollection services, Action<RelaySyncOptions> configure) =>
        services.Add(Options.DefaultName, configuration: null, configure);

    /// <summary>Adds one of several relays. The keys of its services begin with its name: resolve <see cref="SyncClient"/> and
    /// <see cref="IRelaySamples"/> by the name, and models by <c>name/model</c>, or by the model's name where no other relay has such a
    /// model.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The name of the relay in this app, such as <c>eu</c>. Its store is <c>relay-store-eu</c> by default.</param>
    /// <param name="configure">Sets the options; they are validated when the host starts.</param>
    /// <exception cref="ArgumentException">The name cannot be one.</exception>
    /// <exception cref="InvalidOperationException">The services have a relay of this name already.</exception>
    public static IServiceCollection AddRelaySync(this IServiceCollection services, string name, Action<RelaySyncOptions> configure) =>
        services.Add(Check(name), configuration: null, configure);

    /// <summary>As <see cref="AddRelaySync(IServiceCollection, Action{RelaySyncOptions})"/>, with options from a section of the configuration, such
    /// as
    /// <c>builder.Configuration.GetSection("Relay")</c>. A key that is no option is an error. Set what a configuration cannot hold by
    /// <c>services.Configure&lt;RelaySyncOptions&gt;(o => ...)</c>. What changes while the app runs is applied where that is possible, and else
    /// logged.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section.</param>
    /// <exception cref="InvalidOperationException">The services have a relay without a name already.</exception>
    public static IServiceCollection AddRelaySync(this IServiceCollection services, IConfiguration section) =>
        services.Add(Options.DefaultName, section, configure: null);

    /// <summary>One of several relays, from a section of the configuration.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The name of the relay in this app.</param>
    /// <param name="section">The section.</param>
    /// <exception cref="ArgumentException">The name cannot be one.</exception>
    /// <exception cref="InvalidOperationException">The services have a relay of this name already.</exception>
    public static IServiceCollection AddRelaySync(this IServiceCollection services, string name, IConfiguration section) =>
        services.Add(Check(name), section, configure: null);

    private static string Check(string name) => RelayName.IsValid(name)
        ? name
        : throw new ArgumentException($"'{name}' is no name of a relay: it is {RelayName.Rule}", nameof(name));

    private static IServiceCollection Add(
        this IServiceCollection services, string name, IConfiguration? configuration, Action<RelaySyncOptions>? configure)
    {
        NodeRegistration[] others = [.. services.Select(service => service.ImplementationInstance).OfType<NodeRegistration>()];
        if (others.Any(other => other.Name == name))
        {
            throw new InvalidOperationException(name == Options.DefaultName
                ? "AddRelaySync was called twice: give the second relay a name, as in AddRelaySync(\"eu\", o => ...). To change options of " +
                    "the first, call services.Configure<RelaySyncOptions>(o => ...)."
                : $"AddRelaySync was called twice for the relay '{name}'.");
        }

        services.AddSingleton(new NodeRegistration(name));
        OptionsBuilder<RelaySyncOptions> options = services.AddOptions<RelaySyncOptions>(name);
        if (name != Options.DefaultName)
        {
            options.Configure(o => o.StoreFolder = $"relay-store-{name}");
        }

        if (configuration is not null)
        {
            // Before the binder, which neither says where the key is nor which are options.
            options.Configure(_ => ConfigurationKeys.ThrowIfUnknown(configuration));
            options.Bind(configuration, binder => binder.ErrorOnUnknownConfiguration = true);
        }

        options.Configure(configure ?? (_ => { })).ValidateOnStart();
        if (others.Length == 0)
        {
            AddShared(services);
        }

        AddNode(services, name);
        return services;
    }

    private static void AddNode(IServiceCollection services, string name)
    {
        if (name == Options.DefaultName)
        {
            services.AddSingleton(provider => RelayNodes.Create(provider, name));
            services.AddSingleton(provider => provider.GetRequiredService<SyncClient>().Samples);
        }
        else
        {
            services.AddKeyedSingleton(name, (provider, _) => RelayNodes.Create(provider, name));
            services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<SyncClient>(name).Samples);
        }

        services.AddSingleton<IHostedService>(provider =>
        {
            SyncClient node = provider.GetRequiredService<RelayNodes>().Find(name);
            return new SyncWorker(
                node, provider.GetRequiredService<TimeProvider>(), ActivatorUtilities.CreateInstance<OptionsFollower>(provider, name, node));
        });
    }

    private static void AddShared(IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RelaySyncOptions>, RelaySyncOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RelayNodes>();
        services.AddSingleton(provider => provider.GetRequiredService<RelayNodes>().OnlyModel());
        services.AddKeyedSingleton(
            KeyedService.AnyKey, (provider, key) => provider.GetRequiredService<RelayNodes>().Model((string)key!));
        services.AddSingleton(typeof(IRelayModel<>), typeof(RelayModelOfRows<>));
        services.AddKeyedSingleton(typeof(IRelayModel<>), KeyedService.AnyKey, typeof(RelayModelOfRows<>));
    }
}
