using Relay.Server.Keys;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Renewal;

/// <summary>When each role must be signed again.</summary>
internal static class RenewalPlan
{
    /// <summary>Only roles that the held keys can sign: where keys of root or targets are offline, people renew them.</summary>
    public static IReadOnlyDictionary<string, DateTimeOffset> DueTimes(RepositorySnapshot snapshot, SigningKeys keys)
    {
        Dictionary<string, DateTimeOffset> dues = [];
        RoleAssignments assignments = snapshot.Assignments;
        void Add(string role, RoleMetadata metadata)
        {
            if (keys.CanSign(assignments[role]))
            {
                dues.Add(role, ExpirySchedule.Due(role, metadata.Expires));
            }
        }

        Add(RoleNames.Root, snapshot.Root);
        Add(RoleNames.Targets, snapshot.Targets);
        Add(RoleNames.Channels, snapshot.ChannelTargets);
        Add(RoleNames.Snapshot, snapshot.Snapshot);
        Add(RoleNames.Timestamp, snapshot.Timestamp);
        return dues;
    }

    /// <summary>Marks in the change what is due. True when something is.</summary>
    public static bool MarkDue(RepositoryChange change, RepositorySnapshot snapshot, SigningKeys keys, DateTimeOffset now)
    {
        HashSet<string> due = [.. DueTimes(snapshot, keys).Where(entry => entry.Value <= now).Select(entry => entry.Key)];
        change.RootChanged |= due.Contains(RoleNames.Root);
        change.TargetsChanged |= due.Contains(RoleNames.Targets);
        change.ChannelsChanged |= due.Contains(RoleNames.Channels);
        change.SnapshotChanged |= due.Contains(RoleNames.Snapshot);
        change.TimestampChanged |= due.Contains(RoleNames.Timestamp);
        return due.Count > 0;
    }

    /// <summary>Marks roles whose version is below what nodes may have seen before a loss: nodes refuse a snapshot that lists one of them.</summary>
    /// <returns>True where people have to sign targets.</returns>
    public static bool MarkLost(
        RepositoryChange change, RepositorySnapshot snapshot, SigningKeys keys, long lowestVersion)
    {
        bool areTargetsBelow = snapshot.Targets.Version < lowestVersion;
        bool canSign = keys.CanSign(snapshot.Assignments.Targets);
        change.TargetsChanged |= areTargetsBelow && canSign;
        change.ChannelsChanged |= snapshot.ChannelTargets.Version < lowestVersion;
        change.SnapshotChanged |= snapshot.Snapshot.Version < lowestVersion;
        change.TimestampChanged |= snapshot.Timestamp.Version < lowestVersion;
        return areTargetsBelow && !canSign;
    }
}
