using Relay.AdminClient.Operations;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Models.Listing;

/// <summary>One page of the models, with what names each and what runs it.</summary>
public sealed record ModelListModel
{
    /// <summary>Channels that are looked through, and aliases that are shown of a model.</summary>
    private const int MaximumChannels = 500;
    private const int MaximumAliases = 10;

    public required Page<ModelView> Models { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyList<AliasView>> Aliases { get; init; }

    public required IReadOnlyList<ChannelView> Channels { get; init; }

    public string? Task { get; init; }

    /// <summary>true or all; null: those that are not archived.</summary>
    public string? Archived { get; init; }

    public string? Tag { get; init; }

    public bool IsLater { get; init; }

    public IReadOnlyList<(string Name, string? Value)> Filters => [("task", Task), ("archived", Archived), ("tag", Tag)];

    internal static async Task<ModelListModel> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        (string? task, string? archived, string? tag) = (request.Query("task"), request.Query("archived"), request.Query("tag"));
        string path = new ModelQuery { Task = task, Archived = archived, Tags = tag is null ? [] : [tag] }.ToPath(Routes.Models);
        Page<ModelView> models = await request.ReadPageAsync(path, RelayApiJson.Default.PageModelView, cancellationToken);
        Dictionary<string, IReadOnlyList<AliasView>> aliases = new(StringComparer.Ordinal);
        foreach (ModelView model in models.Items.Where(model => model.LatestVersion is not null))
        {
            aliases[model.Name] = await request.ReadFirstAsync(
                Routes.AliasesOf(model.Name), MaximumAliases, RelayApiJson.Default.PageAliasView, cancellationToken);
        }

        return new()
        {
            Models = models,
            Aliases = aliases,
            Channels = models.Items.Count == 0
                ? []
                : await request.Api.Channels.ListAsync(cancellationToken: cancellationToken).Take(MaximumChannels).ToListAsync(cancellationToken),
            Task = task,
            Archived = archived,
            Tag = tag,
            IsLater = request.Query("cursor") is not null,
        };
    }
}
