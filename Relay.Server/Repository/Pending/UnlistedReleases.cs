using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

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

        IReadOnlyDictionary<string, TargetFile> listed = ((TargetsMetadata)PendingPublications.Parse(publication.Metadata).Metadata).Files;
        IEnumerable<ChannelManifest> channels = publication.Channels.Concat(
            snapshot.Channels.Values.ExceptBy(publication.Channels.Select(channel => channel.Channel), channel => channel.Channel));
        foreach (ChannelManifest channel in channels)
        {
            foreach (int release in (int[])[channel.Release, channel.Candidate?.Release ?? channel.Release])
            {
                if (!listed.ContainsKey(TargetPaths.Release(release)))
                {
                    return new(
                        ApprovalRefusalReason.ReleaseUnlisted,
                        $"the channel '{channel.Channel}' names release {release} by now, which this publication takes out of the metadata: delete " +
                            $"it by 'relay pending delete {publication.Id}', and publish the same again");
                }
            }
        }

        return null;
    }
}
