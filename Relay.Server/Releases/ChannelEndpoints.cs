using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;

namespace Relay.Server.Releases;

/// <summary>Channels, the releases that they point to, and what changes them.</summary>
internal static class ChannelEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder read = app.MapGroup("").RequireAuthorization(AccessPolicies.Audit);
        read.MapGet(Routes.Channels, List).WithSummary("Lists channels with the release that each runs");
        read.MapGet($"{Routes.Channels}/{{channel}}", Find).WithSummary("Reads a channel");
        app.MapPost($"{Routes.Channels}/{{channel}}/release", Release)
            .WithSummary("Releases versions, or an earlier release, on a channel").RequireAuthorization(AccessPolicies.Operate);
    }

    /// <param name="model">One that the channel runs.</param>
    private static Results<Ok<Page<ChannelView>>, ProblemHttpResult> List(RepositoryCache repository, string? model, string? cursor, int? limit)
    {
        if (Filters.CheckName(nameof(model), model) is { } problem)
        {
            return problem;
        }

        RepositorySnapshot snapshot = repository.Read();
        ChannelView[] channels =
        [
            .. snapshot.Channels.Values.OrderBy(c => c.Channel, StringComparer.Ordinal).Select(c => View(snapshot, c))
                .Where(channel => model is null || channel.Models.Any(runs => runs.Name == model)),
        ];
        return TypedResults.Ok(Paging.Slice(channels, cursor, limit, channel => channel.Channel));
    }

    private static Results<Ok<ChannelView>, ProblemHttpResult> Find(string channel, RepositoryCache repository)
    {
        RepositorySnapshot snapshot = repository.Read();
        return snapshot.Channels.TryGetValue(channel, out ChannelManifest? manifest)
            ? TypedResults.Ok(View(snapshot, manifest))
            : ReleaseProblems.UnknownChannel(channel);
    }

    private static async Task<Results<Ok<ChannelView>, Accepted<PendingNotice>, ProblemHttpResult>> Release(
        string channel, ReleaseRequest request, RepositoryCache repository, ReleasePublisher publisher, VersionStore versions,
        VersionPackager packager, SchemaChangeImpact impact, TwoPeopleRule twoPeople, VersionSteps steps, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        if (!RelayName.IsValid(channel))
        {
            return ReleaseProblems.InvalidRelease("$.channel", $"a channel of {RelayName.Rule}, in the path");
        }

        if (!request.NewChannel && repository.Read().Channels is { Count: > 0 } channels && !channels.ContainsKey(channel))
        {
            return ReleaseProblems.NewChannel(channel, channels.Keys.Order(StringComparer.Ordinal));
        }

        switch (request)
        {
            case { Models: null, Release: { } release, Without: null }:
                if (await PointAsync(channel, release, request.SchemaChange, repository, publisher, impact, cancellationToken) is { } problem)
                {
                    return problem;
                }

                break;
            case { Release: null } when request.Models is { Count: > 0 } || request.Without is { Count: > 0 }:
                IReadOnlyList<ModelVersion> models = request.Models ?? [];
                if (FindNotLeaving(repository.Read(), channel, request) is { } notThere)
                {
                    return ReleaseProblems.InvalidRelease(
                        "$.without", $"models that the channel runs and that are not in 'models'; '{notThere}' is none");
                }

                string? key = ApiKeyAuthentication.FindKey(user);
                if (twoPeople.FindError(models, key) is { } error)
                {
                    return ReleaseProblems.TwoPeople(error);
                }

                Result<Publication, ProblemHttpResult> publication =
                    await PublishAsync(channel, models, request, key, publisher, versions, packager, impact, cancellationToken);
                if (!publication.IsAccepted)
                {
                    return publication.Refusal;
                }

                steps.Add(
                    models, publication.Value.Pending is null ? VersionSteps.Published : VersionSteps.Proposed, key,
                    publication.Value.Pending ?? $"release {publication.Value.Release.Number}");

                if (publication.Value.Pending is { } pending)
                {
                    return TypedResults.Accepted($"{Routes.Pending}/{pending}", new PendingNotice(pending));
                }

                break;
            default:
                return ReleaseProblems.InvalidRelease(
                    "$", "either 'models', with one or more versions, or 'without', with one or more names, or both; or 'release' alone");
        }

        RepositorySnapshot snapshot = repository.Read();

        // Another operator may have deleted it by now.
        return snapshot.Channels.TryGetValue(channel, out ChannelManifest? released)
            ? TypedResults.Ok(View(snapshot, released))
            : ReleaseProblems.UnknownChannel(channel);
    }

    private static async Task<ProblemHttpResult?> PointAsync(
        string channel, int release, bool acceptsSchemaChange, RepositoryCache repository, ReleasePublisher publisher, SchemaChangeImpact impact,
        CancellationToken cancellationToken)
    {
        RepositorySnapshot snapshot = repository.Read();
        if (!snapshot.Releases.ContainsKey(release))
        {
            return ReleaseProblems.UnknownRelease(release);
        }

        if (Revocation.FirstRevoked(snapshot, release) is { } revoked)
        {
            return ReleaseProblems.ReleaseRefused(
                $"Release {release} has {revoked.Name} {revoked.Version}, which is revoked: nodes would refuse it.");
        }

        return await publisher.PointChannelAsync(channel, release, candidate: null, acceptsSchemaChange, cancellationToken) is { } refusal
            ? refusal.ToProblem(impact)
            : null;
    }

    private static async Task<Result<Publication, ProblemHttpResult>> PublishAsync(
        string channel, IReadOnlyList<ModelVersion> models, ReleaseRequest request, string? key, ReleasePublisher publisher, VersionStore versions,
        VersionPackager packager, SchemaChangeImpact impact, CancellationToken cancellationToken)
    {
        if (models.DistinctBy(model => model.Name).Count() != models.Count)
        {
            return ReleaseProblems.InvalidRelease("$.models", "each model once");
        }

        if (models.FirstOrDefault(model => versions.Find(model.Name, model.Version) is null) is { } unknown)
        {
            return ModelProblems.UnknownVersion(unknown.Name, unknown.Version);
        }

        Result<SignedArtifacts, PublishRefusal> artifacts = await packager.PackAsync(models, cancellationToken);
        if (!artifacts.IsAccepted)
        {
            return artifacts.Refusal.ToProblem(impact);
        }

        Result<Publication, PublishRefusal> publication = await publisher.PublishAsync(
            new(artifacts.Value.Artifacts, channel)
            {
                AcceptsSchemaChange = request.SchemaChange,
                ProposedBy = key,
                Without = request.Without ?? [],
            },
            cancellationToken);
        return publication.IsAccepted ? publication.Value : publication.Refusal.ToProblem(impact);
    }

    /// <summary>The first model that cannot leave the channel; null where all can.</summary>
    private static string? FindNotLeaving(RepositorySnapshot snapshot, string channel, ReleaseRequest request)
    {
        IEnumerable<string> there = snapshot.Channels.TryGetValue(channel, out ChannelManifest? manifest)
            ? snapshot.Releases[manifest.Release].Models.Select(model => model.Name)
            : [];
        return request.Without?.Except(there.Except((request.Models ?? []).Select(model => model.Name)), StringComparer.Ordinal).FirstOrDefault();
    }

    private static ChannelView View(RepositorySnapshot snapshot, ChannelManifest channel) =>
        new(channel.Channel, channel.Release, Versions(snapshot.Releases[channel.Release].Models))
        {
            Revoked = Versions(Revocation.RevokedOf(snapshot, channel)),
        };

    private static ModelVersion[] Versions(IEnumerable<ReleasedModel> models) => [.. models.Select(m => new ModelVersion(m.Name, m.Version))];
}
