using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sync.Client.Hosting;

/// <summary>The nodes of an app, one for each relay that it names, and the models of all of them.</summary>
internal sealed class RelayNodes(IServiceProvider services, IEnumerable<NodeRegistration> registrations)
{
    private const char Separator = '/';

    private readonly string[] _names = [.. registrations.Select(registration => registration.Name)];

    public IEnumerable<SyncClient> All => _names.Select(Find);

    /// <summary>The node of a name; the one without is <see cref="Options.DefaultName"/>.</summary>
    public SyncClient Find(string name) => name == Options.DefaultName
        ? services.GetRequiredService<SyncClient>()
        : services.GetRequiredKeyedService<SyncClient>(name);

    public static SyncClient Create(IServiceProvider services, string name) => new(
        services.GetRequiredService<IOptionsFactory<RelaySyncOptions>>().Create(name),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<SyncClient>>());

    /// <summary>The only model of the app.</summary>
    public IRelayModel OnlyModel()
    {
        IRelayModel[] models = [.. All.SelectMany(node => node.Models)];
        return models.Length == 1
            ? models[0]
            : throw new InvalidOperationException(
                "this app runs several models: resolve one by its name, such as GetRequiredKeyedService<IRelayModel>(\"threat-classifier\")");
    }

    /// <summary>A model by its name, or by the name of its relay and its own: <c>eu/threat-classifier</c>.</summary>
    public IRelayModel Model(string key)
    {
        (SyncClient Node, string Model)[] found = FindNodes(key, (node, model) => node.Models.Any(one => one.Name == model));
        return found switch
        {
            [var (node, model)] => node.Model(model),
            [] => throw new ArgumentException($"this app does not run '{key}': add it to RelaySyncOptions.Models", nameof(key)),
            _ => throw Ambiguous(key),
        };
    }

    /// <summary>The node that has a model for rows of a type, and the name of the model; null for the only one.</summary>
    public (SyncClient Node, string? Model) FindNode(Type rowType, string? key)
    {
        if (key is null)
        {
            SyncClient[] nodes = [.. All.Where(node => node.TakesRows(rowType, name: null))];
            return nodes.Length <= 1 ? (nodes.FirstOrDefault() ?? All.First(), null) : throw Ambiguous(rowType.Name);
        }

        (SyncClient Node, string Model)[] found = FindNodes(key, (node, model) => node.TakesRows(rowType, model));
        return found.Length <= 1 ? found.FirstOrDefault((All.First(), key)) : throw Ambiguous(key);
    }

    private (SyncClient Node, string Model)[] FindNodes(string key, Func<SyncClient, string, bool> hasModel)
    {
        string[] parts = key.Split(Separator);
        return parts is [var relay, var model] && _names.Contains(relay, StringComparer.Ordinal)
            ? [.. new[] { Find(relay) }.Where(node => hasModel(node, model)).Select(node => (node, model))]
            : [.. All.Where(node => hasModel(node, key)).Select(node => (node, key))];
    }

    private static InvalidOperationException Ambiguous(string what) =>
        new($"several relays of this app have '{what}': name the relay as well, as in \"eu/threat-classifier\"");
}

/// <param name="Name">As in <see cref="RelaySyncServices"/>; empty for the relay without a name.</param>
internal sealed record NodeRegistration(string Name);
