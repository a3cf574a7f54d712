using Relay.Server.Keys;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>When each role must be signed again.</summary>
internal static class RenewalPlan
{
    /// <summary>Only roles that the held keys can sign: where keys of root or targets are offline, people renew them.</summary>
    public static IReadOnlyDictionary<string, DateTimeOffset> Dues(RepositorySnapshot state, SigningKeys keys)
    {
        Dictionary<string, DateTimeOffset> dues = [];
        RoleAssignments layout = state.Layout;
        void Add(string role, RoleMetadata metadata)
        {
            if (keys.Meet(layout[role]))
            {
                dues.Add(role, ExpirySchedule.Due(role, metadata.Expires));
            }
        }

        Add(RoleNames.Root, state.Root);
        Add(RoleNames.Targets, state.Targets);
        Add(RoleNames.Channels, state.ChannelTargets);
        Add(RoleNames.Snapshot, state.Snapshot);
        Add(RoleNames.Timestamp, state.Timestamp);
        return dues;
    }

    /// <summary>Marks in the draft what is due. True when something is.</summary>
    public static bool Mark(RepositoryChange draft, RepositorySnapshot state, SigningKeys keys, DateTimeOffset now)
    {
        HashSet<string> due = [.. Dues(state, keys).Where(entry => entry.Value <= now).Select(entry => entry.Key)];
        draft.RootChanged |= due.Contains(RoleNames.Root);
        draft.TargetsChanged |= due.Contains(RoleNames.Targets);
        draft.ChannelsChanged |= due.Contains(RoleNames.Channels);
        draft.SnapshotChanged |= due.Contains(RoleNames.Snapshot);
        draft.TimestampChanged |= due.Contains(RoleNames.Timestamp);
        return due.Count > 0;
    }
}
