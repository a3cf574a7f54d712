using Relay.AdminClient.Operations;
using Relay.Cards;
using Relay.Cards.Documents;
using Relay.Cards.Writing;
using Relay.WebConsole.Models.Graphs;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.WebConsole.Models.Versions;

/// <summary>A version with its card as HTML, its files, and what runs it.</summary>
public sealed record VersionDetails
{
    private const string Signature = "model.onnx.p7s";
    private const int MaximumFiles = 50;
    private const int MaximumOthers = 50;
    private const int MaximumChannels = 500;
    private const int MaximumRollouts = 100;
    private const int MaximumReleases = 100;

    public required VersionDetail Detail { get; init; }

    public required IReadOnlyList<VersionFileView> Files { get; init; }

    /// <summary>All channels.</summary>
    public required IReadOnlyList<ChannelView> Channels { get; init; }

    /// <summary>Rollouts that give it to a part of the nodes of a channel.</summary>
    public required IReadOnlyList<RolloutView> Rollouts { get; init; }

    /// <summary>The newest versions beside this one.</summary>
    public required IReadOnlyList<int> Others { get; init; }

    /// <summary>The headings of the card, with their anchors.</summary>
    public required IReadOnlyList<(string Id, string Title)> Sections { get; init; }

    /// <summary>The sections of the card, as its own page has them.</summary>
    public required string CardHtml { get; init; }

    /// <summary>Null where the file is too large, or is not there.</summary>
    public ModelGraph? Graph { get; init; }

    public VersionView Version => Detail.Version;

    public ModelCard Card => Detail.Card;

    /// <summary>Those whose release has this version.</summary>
    public IEnumerable<ChannelView> RunBy => Channels.Where(
        channel => channel.Models.Any(model => model.Name == Version.Model && model.Version == Version.Version));

    internal static async Task<VersionDetails> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        (string name, int version) = (request.Route("name"), (int)request.Id("version"));
        VersionDetail detail = await request.Api.Versions.FindAsync(name, version, cancellationToken);
        IReadOnlyList<VersionFileView> files = await request.ReadFirstAsync(
            Routes.FilesOf(name, version), MaximumFiles, RelayApiJson.Default.PageVersionFileView, cancellationToken);
        IReadOnlyList<VersionView> others = await request.ReadFirstAsync(
            Routes.VersionsOf(name), MaximumOthers, RelayApiJson.Default.PageVersionView, cancellationToken);
        CardDocument card = CardRenderer.CreateDocument(detail.Card, OriginOf(detail, files));
        return new()
        {
            Detail = detail,
            Files = files,
            Channels = await request.Api.Channels.ListAsync(cancellationToken: cancellationToken).Take(MaximumChannels)
                .ToListAsync(cancellationToken),
            Rollouts = await FindRolloutsAsync(request, new(name, version), cancellationToken),
            Others = [.. others.Select(other => other.Version).Where(other => other != version)],
            Sections = [.. card.Sections.Select(section => (section.Id, section.Title))],
            CardHtml = HtmlSections.Write(card.Sections),
            Graph = await GraphReader.FindAsync(request, name, version, detail.Version.SizeBytes, cancellationToken),
        };
    }

    private static async Task<IReadOnlyList<RolloutView>> FindRolloutsAsync(
        PageRequest request, ModelVersion version, CancellationToken cancellationToken)
    {
        IReadOnlyList<RolloutView> newest = await request.ReadFirstAsync(
            Routes.Rollouts, MaximumRollouts, RelayApiJson.Default.PageRolloutView, cancellationToken);
        RolloutView[] moving = [.. newest.Where(rollout => rollout is { FinishedAt: null, Candidate: not null })];
        if (moving.Length == 0)
        {
            return [];
        }

        IReadOnlyList<ReleaseView> releases = await request.ReadFirstAsync(
            new ReleaseQuery { Model = version.Name }.ToPath(Routes.Releases), MaximumReleases, RelayApiJson.Default.PageReleaseView,
            cancellationToken);
        HashSet<int> candidates = [.. releases.Where(release => release.Models.Contains(version)).Select(release => release.Release)];
        return [.. moving.Where(rollout => candidates.Contains(rollout.Candidate!.Value))];
    }

    /// <summary>Without tags and note: the page has them above the card.</summary>
    private static CardOrigin OriginOf(VersionDetail detail, IReadOnlyList<VersionFileView> files) => new(
        detail.Version.TrainingRun, detail.Version.CreatedAt, files.FirstOrDefault(file => file.Name == Signature)?.Sha256 ?? "", detail.Steps);
}
