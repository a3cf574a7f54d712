using System.Globalization;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Models.Annotations;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Models.Details;

/// <summary>A model, with one page of its versions.</summary>
public sealed record ModelDetails
{
    private const int MaximumAliases = 200;
    private const int MaximumChannels = 200;

    public required ModelView Model { get; init; }

    public required Page<VersionView> Versions { get; init; }

    public required IReadOnlyList<AliasView> Aliases { get; init; }

    /// <summary>Those whose release has the model.</summary>
    public required IReadOnlyList<ChannelView> Channels { get; init; }

    public NoteView? Note { get; init; }

    public string? State { get; init; }

    public string? Tag { get; init; }

    /// <summary>The first day, as yyyy-MM-dd.</summary>
    public string? Since { get; init; }

    /// <summary>The day before which.</summary>
    public string? Until { get; init; }

    public bool IsLater { get; init; }

    public IReadOnlyList<(string Name, string? Value)> Filters => [("state", State), ("tag", Tag), ("since", Since), ("until", Until)];

    internal static async Task<ModelDetails> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        string name = request.Route("name");
        ModelView model = await request.Api.Models.FindAsync(name, cancellationToken);
        (string? state, string? tag) = (request.Query("state"), request.Query("tag"));
        DateTimeOffset? since = Day(request.Query("since"));
        DateTimeOffset? until = Day(request.Query("until"));
        string path = new VersionQuery { State = state, Tags = tag is null ? [] : [tag], Since = since, Until = until }
            .ToPath(Routes.VersionsOf(name));
        return new()
        {
            Model = model,
            Versions = await request.ReadPageAsync(path, RelayApiJson.Default.PageVersionView, cancellationToken),
            Aliases = await request.ReadFirstAsync(Routes.AliasesOf(name), MaximumAliases, RelayApiJson.Default.PageAliasView, cancellationToken),
            Channels = await request.Api.Channels.ListAsync(new ModelNameQuery { Model = name }, cancellationToken).Take(MaximumChannels)
                .ToListAsync(cancellationToken),
            Note = await NoteReader.FindAsync(request, name, null, cancellationToken),
            State = state,
            Tag = tag,
            Since = since is null ? null : request.Query("since"),
            Until = until is null ? null : request.Query("until"),
            IsLater = request.Query("cursor") is not null,
        };
    }

    /// <summary>The version of this model that a channel runs.</summary>
    public int? VersionOn(ChannelView channel) => channel.Models.FirstOrDefault(version => version.Name == Model.Name)?.Version;

    private static DateTimeOffset? Day(string? text) => DateTimeOffset.TryParseExact(
        text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset day) ? day : null;
}
