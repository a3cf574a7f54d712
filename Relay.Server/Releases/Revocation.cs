using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Releases;

/// <summary>What revocations mean for the channels of a repository. Pure.</summary>
internal static class Revocation
{
    /// <summary>All revocations: those that were requested, and those of the signed policy whose request this relay does not know.</summary>
    public static IReadOnlyList<RevocationView> List(
        RepositorySnapshot snapshot, IReadOnlyList<RequestedRevocation> requested, IReadOnlyList<PendingPublication> pending) =>
    [
        .. requested.Select(request => Describe(snapshot, request, pending)),
        .. snapshot.Policy.Revoked.Except(requested.Select(request => request.Sha256), StringComparer.Ordinal).Select(sha256 =>
        {
            ModelVersion version = FindVersion(snapshot, sha256) ?? new("unknown", 0);
            return View(snapshot, version.Name, version.Version, sha256, pending);
        }),
    ];

    public static RevocationView Describe(
        RepositorySnapshot snapshot, RequestedRevocation request, IReadOnlyList<PendingPublication> pending) =>
        View(snapshot, request.Model, request.Version, request.Sha256, pending) with { Reason = request.Reason, RequestedAt = request.RequestedAt };

    /// <summary>The first artifact of a release that is revoked; null when none is.</summary>
    public static ReleasedModel? FirstRevoked(RepositorySnapshot snapshot, int release) => snapshot.Releases.GetValueOrDefault(release)
        ?.Models.FirstOrDefault(model => IsRevoked(snapshot, model));

    /// <summary>The revoked versions that a channel runs, in its release or in its candidate.</summary>
    public static IReadOnlyList<ReleasedModel> RevokedOf(RepositorySnapshot snapshot, ChannelManifest channel) =>
        [.. ModelsOf(snapshot, channel).Where(model => IsRevoked(snapshot, model)).DistinctBy(model => model.Sha256)];

    /// <summary>True when a publication that waits for signatures revokes the digest.</summary>
    public static bool IsPending(IReadOnlyList<PendingPublication> pending, string sha256) =>
        pending.Any(publication => publication.Policy?.Revoked.Contains(sha256, StringComparer.Ordinal) ?? false);

    /// <summary>The version that the signed targets list under a digest; null where they do not.</summary>
    public static ModelVersion? FindVersion(RepositorySnapshot snapshot, string sha256) => snapshot.Releases.Values
        .SelectMany(release => release.Models)
        .FirstOrDefault(model => model.Sha256 == sha256) is { } found ? new(found.Name, found.Version) : null;

    private static RevocationView View(
        RepositorySnapshot snapshot, string model, int version, string sha256, IReadOnlyList<PendingPublication> pending)
    {
        string[] channels = [.. snapshot.Channels.Values
            .Where(channel => ModelsOf(snapshot, channel).Any(released => released.Sha256 == sha256))
            .Select(channel => channel.Channel)
            .Order(StringComparer.Ordinal)];
        bool inForce = snapshot.Policy.Revoked.Contains(sha256, StringComparer.Ordinal);
        string effect = !inForce
            ? IsPending(pending, sha256)
                ? "It waits for the signatures of offline targets keys. Until then nodes run it as before."
                : "It is not in force, and no publication is pending for it: revoke it again. Until then nodes run it as before."
            : channels.Length == 0
            ? "No channel runs it. A node that still has it will not go back to it."
            : $"{string.Join(", ", channels)} still runs it. With their next refresh nodes leave it for the last release that they verified before, "
                + "or stop answering for this model where they have none. Publish another version, or an earlier release, to each of these channels.";
        return new(model, version, sha256, inForce, channels, effect);
    }

    private static bool IsRevoked(RepositorySnapshot snapshot, ReleasedModel model) =>
        snapshot.Policy.CheckArtifact(model.Path, model.Sha256) is not null;

    private static IEnumerable<ReleasedModel> ModelsOf(RepositorySnapshot snapshot, ChannelManifest channel) =>
        new[] { channel.Release, channel.Candidate?.Release ?? channel.Release }
            .SelectMany(release => snapshot.Releases[release].Models);
}
