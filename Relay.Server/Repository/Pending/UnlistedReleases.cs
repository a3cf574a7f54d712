using Relay.Server.Repository.Pruning;
using Shared.Contracts.Releases;

namespace Relay.Server.Repository.Pending;

/// <summary>Finds releases that channels have come to name since a publication was staged, and that its metadata list no more: nodes of these
/// channels would have nothing to follow.</summary>
internal static class UnlistedReleases
{
    /// <summary>Null where the publication may become current.</summary>
    public static ApprovalRefusal? Find(PendingPublication publication, RepositorySnapshot snapshot)
    {
        if (!publication.IsComplete)
        {
            return null;
        }

        ChannelManifest[] channels = [.. publication.Channels.Concat(
            snapshot.Channels.Values.ExceptBy(publication.Channels.Select(channel => channel.Channel), channel => channel.Channel))];
        return publication.FindUnlisted(channels.SelectMany(NamedReleases.ReleasesOf)) is [var release, ..]
            ? new(
                ApprovalRefusalReason.ReleaseUnlisted,
                $"the channel '{channels.First(channel => NamedReleases.ReleasesOf(channel).Contains(release)).Channel}' names release {release} by "
                + $"now, which this publication takes out of the metadata: delete it by 'relay pending delete {publication.Id}', and publish the "
                + "same again")
            : null;
    }
}
