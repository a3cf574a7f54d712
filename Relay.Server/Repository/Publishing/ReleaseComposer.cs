using System.Security.Cryptography;
using Relay.Server.Signing.Evidence;
using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Publishing;

/// <summary>Composes the next release of a channel.</summary>
internal static class ReleaseComposer
{
    /// <summary>The release that holds what was asked for: the present one if it already does, else a new one, added to the change.</summary>
    public static Result<ReleaseManifest, PublishRefusal> Compose(
        RepositorySnapshot snapshot, RepositoryChange change, PublishRequest request, DateTimeOffset now)
    {
        int number = snapshot.LatestRelease + 1;
        List<ReleasedModel> added = [];
        foreach (SignedArtifact artifact in request.Artifacts)
        {
            Result<ReleasedModel, PublishRefusal> model = AddModel(snapshot, change, artifact, number);
            if (!model.IsAccepted)
            {
                return model.Refusal;
            }

            added.Add(model.Value);
        }

        ChannelManifest? channel = snapshot.Channels.GetValueOrDefault(request.Channel);
        ReleasedModel[] kept = channel is null ? [] : [.. snapshot.Releases[channel.Release].Models
            .ExceptBy([.. added.Select(Name), .. request.Without], Name)];
        if (kept.FirstOrDefault(model => snapshot.Policy.CheckArtifact(model.Path, model.Sha256) is not null) is { } revoked)
        {
            return new PublishRefusal(
                PublishRefusalReason.ArtifactRevoked,
                $"The channel still runs {revoked.Name} {revoked.Version}, which is revoked: publish another version of it along.");
        }

        ReleasedModel[] models =
            [.. kept.Concat(added).OrderBy(Name, StringComparer.Ordinal)];
        if (models.Length == 0)
        {
            return new PublishRefusal(
                PublishRefusalReason.EmptyRelease, "A channel runs at least one model: delete the channel, or publish another model along.");
        }

        if (EarlierOutcome(channel, request) is { } earlier && snapshot.Releases[earlier].Models.SequenceEqual(models))
        {
            return snapshot.Releases[earlier];
        }

        ReleaseManifest release = new(number, now, models);
        change.SetTarget(TargetPaths.Release(number), release.ToJson());
        change.SetChannel(channel is not null && request.Percentage is { } percentage
            ? channel with { Candidate = new(number, percentage, request.Reservation?.Salt ?? NewSalt()) }
            : new(request.Channel, number));
        return release;
    }

    /// <summary>Different for every rollout, so that the first nodes are not always the same.</summary>
    public static string NewSalt() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static string Name(ReleasedModel model) => model.Name;

    /// <summary>The release that would be the outcome of an earlier, identical request; null when there can be none.</summary>
    private static int? EarlierOutcome(ChannelManifest? channel, PublishRequest request) => request.Percentage is { } percentage
        ? channel?.Candidate is { } candidate && candidate.Percentage.Equals(percentage)
            && (request.Reservation is null || request.Reservation.Salt == candidate.Salt) ? candidate.Release : null
        : channel is { Candidate: null } ? channel.Release : null;

    /// <summary>A model's bytes under its name and version, which never change.</summary>
    private static Result<ReleasedModel, PublishRefusal> AddModel(
        RepositorySnapshot snapshot, RepositoryChange change, SignedArtifact artifact, int release)
    {
        string path = TargetPaths.Model(artifact.Model, artifact.Version);
        FileHashes hashes = FileHashes.Compute(artifact.Content.Span);
        if (!snapshot.Targets.Files.TryGetValue(path, out TargetFile? published))
        {
            TargetLabel label = new(artifact.Model, artifact.Version, release);
            change.SetTarget(path, artifact.Content, label);
            change.SetTarget(TargetPaths.SignatureOf(path), artifact.Signature, label);
            foreach (EvidenceFile file in artifact.Evidence)
            {
                change.SetTarget(file.Path, file.Content, label);
            }
        }
        else if (published.Sha256 != hashes.Sha256)
        {
            return new PublishRefusal(
                PublishRefusalReason.VersionExists, $"{artifact.Model} {artifact.Version} was published with other bytes.");
        }

        return snapshot.Policy.CheckArtifact(path, hashes.Sha256!) is null
            ? new ReleasedModel(artifact.Model, artifact.Version, path, hashes.Sha256!, artifact.Content.Length)
            : new PublishRefusal(PublishRefusalReason.ArtifactRevoked, $"{artifact.Model} {artifact.Version} is revoked.");
    }
}
