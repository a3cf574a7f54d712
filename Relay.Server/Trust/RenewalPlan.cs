using Shared.Contracts.Trust;

namespace Relay.Server.Trust;

/// <summary>When each role must be signed again.</summary>
internal static class RenewalPlan
{
    /// <param name="renewsRoot">False where root keys are offline: then a ceremony renews it, not the relay.</param>
    public static IReadOnlyDictionary<string, DateTimeOffset> Dues(RepositoryState state, bool renewsRoot)
    {
        Dictionary<string, DateTimeOffset> dues = [];
        void Add(string role, RoleMetadata metadata) => dues.Add(role, ExpirySchedule.Due(role, metadata.Expires));

        if (renewsRoot)
        {
            Add(RoleNames.Root, state.Root);
        }

        Add(RoleNames.Targets, state.Targets);
        Add(RoleNames.Channels, state.ChannelTargets);
        Add(RoleNames.Snapshot, state.Snapshot);
        Add(RoleNames.Timestamp, state.Timestamp);
        return dues;
    }

    /// <summary>Marks in the draft what is due. True when something is.</summary>
    public static bool Mark(RepositoryDraft draft, RepositoryState state, bool renewsRoot, DateTimeOffset now)
    {
        HashSet<string> due = [.. Dues(state, renewsRoot).Where(entry => entry.Value <= now).Select(entry => entry.Key)];
        draft.RootChanged |= due.Contains(RoleNames.Root);
        draft.TargetsChanged |= due.Contains(RoleNames.Targets);
        draft.ChannelsChanged |= due.Contains(RoleNames.Channels);
        draft.SnapshotChanged |= due.Contains(RoleNames.Snapshot);
        draft.TimestampChanged |= due.Contains(RoleNames.Timestamp);
        return due.Count > 0;
    }
}
