using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Signing;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;

namespace Relay.Server.Releases;

internal static class ChannelEndpoints
{
    public static void MapChannels(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder admin = app.MapGroup("").RequireAuthorization(AccessPolicies.Admin);
        admin.MapGet(Routes.Channels, List);
        admin.MapGet($"{Routes.Channels}/{{channel}}", Find);
        admin.MapPost($"{Routes.Channels}/{{channel}}/release", Release);
        admin.MapGet(Routes.Releases, ListReleases);
    }

    private static Ok<Page<ChannelView>> List(RepositoryCache repository)
    {
        RepositorySnapshot state = repository.Read();
        ChannelView[] channels = [.. state.Channels.Values.OrderBy(c => c.Channel, StringComparer.Ordinal).Select(c => View(state, c))];
        return TypedResults.Ok(new Page<ChannelView>(channels, null));
    }

    private static Results<Ok<ChannelView>, ProblemHttpResult> Find(string channel, RepositoryCache repository)
    {
        RepositorySnapshot state = repository.Read();
        return state.Channels.TryGetValue(channel, out ChannelManifest? manifest)
            ? TypedResults.Ok(View(state, manifest))
            : RelayProblems.Problem(
                404, "unknown-channel", $"Nothing was released to a channel '{channel}' yet: POST {Routes.ReleaseOf(channel)} does.");
    }

    private static Ok<Page<ReleaseView>> ListReleases(RepositoryCache repository, int? cursor, int? limit)
    {
        int size = Paging.Limit(limit);
        ReleaseView[] releases = [.. repository.Read().Releases.Values
            .Where(release => release.Number < (cursor ?? int.MaxValue))
            .OrderByDescending(release => release.Number)
            .Take(size + 1)
            .Select(release => new ReleaseView(release.Number, Versions(release), release.Created))];
        return TypedResults.Ok(Paging.ToPage(releases, size, release => $"{release.Release}"));
    }

    private static async Task<Results<Ok<ChannelView>, Accepted<PendingNotice>, ProblemHttpResult>> Release(
        string channel, ReleaseRequest request, RepositoryCache repository, RepositoryPublisher publisher, VersionStore versions,
        VersionPackager packager, CancellationToken cancellationToken)
    {
        if (!RelayName.IsValid(channel))
        {
            return Invalid("$.channel", $"a channel of {RelayName.Rule}, in the path");
        }

        if (request is not ({ Models.Count: > 0, Release: null } or { Models: null, Release: not null }))
        {
            return Invalid("$", "either 'models', with one or more versions, or 'release'");
        }

        try
        {
            if (request.Release is { } release)
            {
                if (!repository.Read().Releases.ContainsKey(release))
                {
                    return RelayProblems.Problem(
                        404, "unknown-release", $"There is no release {release}: list them by GET {Routes.Releases}.");
                }

                if (Revocation.FirstRevoked(repository.Read(), release) is { } revoked)
                {
                    return RelayProblems.Problem(
                        409, "release-refused", $"Release {release} has {revoked.Name} {revoked.Version}, which is revoked: nodes would refuse it.");
                }

                await publisher.PointChannelAsync(channel, release, candidate: null, cancellationToken);
            }
            else
            {
                if (request.Models!.DistinctBy(m => m.Name).Count() != request.Models!.Count)
                {
                    return Invalid("$.models", "each model once");
                }

                List<SignedArtifact> signed = [];
                foreach (ModelVersion model in request.Models)
                {
                    if (versions.Find(model.Name, model.Version) is not { } version)
                    {
                        return ModelProblems.UnknownVersion(model.Name, model.Version);
                    }

                    signed.Add(await packager.PackAsync(version, cancellationToken));
                }

                Publication publication = await publisher.PublishAsync(new PublishRequest(signed, channel), cancellationToken);
                if (publication.Pending is { } pending)
                {
                    return TypedResults.Accepted($"{Routes.Pending}/{pending}", new PendingNotice(pending));
                }
            }
        }
        catch (ArgumentException refused)
        {
            return RelayProblems.Problem(409, "release-refused", refused.Message);
        }
        catch (SigningException unavailable)
        {
            return RelayProblems.Problem(503, "signing-unavailable", $"Nothing was released. {unavailable.Message}");
        }

        RepositorySnapshot state = repository.Read();
        return TypedResults.Ok(View(state, state.Channels[channel]));
    }

    private static ProblemHttpResult Invalid(string path, string expected) => RelayProblems.Invalid(
        "invalid-release", "Nothing was released; 'errors' lists what was expected.", new() { [path] = $"Expected {expected}." });

    private static ChannelView View(RepositorySnapshot state, ChannelManifest channel) =>
        new(channel.Channel, channel.Release, Versions(state.Releases[channel.Release]));

    private static ModelVersion[] Versions(ReleaseManifest release) => [.. release.Models.Select(m => new ModelVersion(m.Name, m.Version))];
}
