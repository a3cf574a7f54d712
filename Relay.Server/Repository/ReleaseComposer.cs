using System.Security.Cryptography;
using Shared.Contracts.Releases;

namespace Relay.Server.Repository;

/// <summary>Puts the next release of a channel together.</summary>
internal static class ReleaseComposer
{
    /// <summary>The release that holds what was asked for: the present one if it already does, else a new one in the draft.</summary>
    public static ReleaseManifest Compose(RepositorySnapshot state, RepositoryChange draft, PublishRequest request, DateTimeOffset now)
    {
        int number = state.LatestRelease + 1;
        ReleasedModel[] added = [.. request.Artifacts.Select(artifact => Add(state, draft, artifact, number))];
        ChannelManifest? channel = state.Channels.GetValueOrDefault(request.Channel);
        ReleasedModel[] kept = channel is null ? [] : [.. state.Releases[channel.Release].Models.ExceptBy(added.Select(Name), Name)];
        if (kept.FirstOrDefault(model => state.Policy.CheckArtifact(model.Path, model.Sha256) is not null) is { } revoked)
        {
            throw new ArgumentException(
                $"The channel still runs {revoked.Name} {revoked.Version}, which is revoked: publish another version of it along.", nameof(request));
        }

        ReleasedModel[] models = [.. kept.Concat(added).OrderBy(Name, StringComparer.Ordinal)];

        if (Goal(channel, request) is { } goal && state.Releases[goal].Models.SequenceEqual(models))
        {
            return state.Releases[goal];
        }

        ReleaseManifest release = new(number, now, models);
        draft.SetTarget(TargetPaths.Release(number), release.ToJson());
        draft.SetChannel(channel is not null && request.Percentage is { } percentage
            ? channel with { Candidate = new(number, percentage, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))) }
            : new(request.Channel, number));
        return release;
    }

    private static string Name(ReleasedModel model) => model.Name;

    /// <summary>The release that would be the outcome of an earlier, identical request; null when there can be none.</summary>
    private static int? Goal(ChannelManifest? channel, PublishRequest request) => request.Percentage is { } percentage
        ? channel?.Candidate is { } candidate && candidate.Percentage.Equals(percentage) ? candidate.Release : null
        : channel is { Candidate: null } ? channel.Release : null;

    private static ReleasedModel Add(RepositorySnapshot state, RepositoryChange draft, SignedArtifact artifact, int release)
    {
        ReleasedModel model = draft.AddModel(artifact, release);
        return state.Policy.CheckArtifact(model.Path, model.Sha256) is null
            ? model
            : throw new ArgumentException($"{artifact.Model} {artifact.Version} is revoked.", nameof(artifact));
    }
}
