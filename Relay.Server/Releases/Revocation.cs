using Relay.Server.Repository;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;

namespace Relay.Server.Releases;

/// <summary>What a revocation means for the channels of a repository. Pure.</summary>
internal static class Revocation
{
    public static RevocationView Describe(RepositorySnapshot snapshot, ModelCard card)
    {
        string[] channels = [.. snapshot.Channels.Values
            .Where(channel => Runs(snapshot, channel, card.Sha256))
            .Select(channel => channel.Channel)
            .Order(StringComparer.Ordinal)];
        bool inForce = snapshot.Policy.Revoked.Contains(card.Sha256, StringComparer.Ordinal);
        string effect = !inForce
            ? "It waits for the signatures of offline targets keys. Until then nodes run it as before."
            : channels.Length == 0
            ? "No channel runs it. A node that still has it will not go back to it."
            : $"{string.Join(", ", channels)} still runs it. With their next refresh nodes leave it for the last release that they verified before, "
                + "or stop answering for this model where they have none. Publish another version, or an earlier release, to each of these channels.";
        return new(card.Name, card.Version, card.Sha256, inForce, channels, effect);
    }

    /// <summary>The first artifact of a release that is revoked; null when none is.</summary>
    public static ReleasedModel? FirstRevoked(RepositorySnapshot snapshot, int release) => snapshot.Releases.GetValueOrDefault(release)
        ?.Models.FirstOrDefault(model => snapshot.Policy.CheckArtifact(model.Path, model.Sha256) is not null);

    private static bool Runs(RepositorySnapshot snapshot, ChannelManifest channel, string sha256) =>
        new[] { channel.Release, channel.Candidate?.Release ?? channel.Release }
            .SelectMany(release => snapshot.Releases[release].Models)
            .Any(model => model.Sha256 == sha256);
}
