namespace Shared.Contracts.Tuf;

/// <summary>The outcome of a search for a target. Exactly one member is set.</summary>
/// <param name="Found">The file as the first role with the path lists it.</param>
/// <param name="Needed">A role to pass to <see cref="TrustedMetadata.UpdateDelegated"/> before the next search.</param>
/// <param name="Refusal">No role that is trusted for the path lists it.</param>
public sealed record TargetSearch(TargetFile? Found, DelegatedRoleRequest? Needed, Refusal? Refusal);

/// <summary>A delegated role that must be fetched before the search can continue.</summary>
public sealed record DelegatedRoleRequest(string Role, string Parent, MetadataDownload Download);

public sealed partial class TrustedMetadata
{
    /// <summary>The root version after the trusted one (5.3.3). Where it does not exist, the update of root is complete.</summary>
    public MetadataDownload NextRoot =>
        new(RoleNames.Root, MetadataPaths.Versioned(RoleNames.Root, Root.Version + 1), TrustBounds.RootBytes);

    public static MetadataDownload TimestampDownload { get; } =
        new(RoleNames.Timestamp, MetadataPaths.Timestamp, TrustBounds.TimestampBytes);

    /// <summary>The snapshot that the timestamp lists (5.5.1).</summary>
    public MetadataDownload SnapshotDownload
    {
        get
        {
            Require(_timestampAccepted, "snapshot comes after timestamp");
            return Download(RoleNames.Snapshot, Timestamp!.Snapshot);
        }
    }

    /// <summary>The top-level targets that the snapshot lists (5.6.1); null when it lists none.</summary>
    public MetadataDownload? TargetsDownload => DownloadOf(RoleNames.Targets);

    /// <summary>A delegated role as the snapshot lists it, for mirrors, which read all of a repository; null when it is not listed.</summary>
    public MetadataDownload? DelegatedDownload(string role) => DownloadOf(role);

    /// <summary>The accepted metadata of a targets role, top-level or delegated; null when none was accepted.</summary>
    public TargetsMetadata? Held(string role) => _targets.GetValueOrDefault(role).Metadata;

    /// <summary>The path of a target under <c>targets/</c>: with its hash before the file name if snapshots are consistent (5.7.3).</summary>
    public string PathTo(TargetFile file) => Root.ConsistentSnapshot ? file.ConsistentPath : file.Path;

    /// <summary>
    /// Searches in order of priority, depth first, through the delegations that cover the path (5.6.7). No role is visited twice,
    /// at most <see cref="TrustBounds.Delegations"/> delegated roles are visited, and a terminating delegation that covers the path ends the search.
    /// </summary>
    public TargetSearch Find(string path)
    {
        Require(Targets is not null, "targets come before a search");
        if (!TargetPath.TryCreate(path, out _))
        {
            return Unlisted("a target", "the path is not a plain relative one");
        }

        HashSet<string> visited = new(StringComparer.Ordinal);
        Stack<(string Role, string Parent)> pending = new([(RoleNames.Targets, RoleNames.Root)]);
        while (pending.TryPop(out (string Role, string Parent) next))
        {
            // 5.6.7.1
            if (!visited.Add(next.Role))
            {
                continue;
            }

            if (visited.Count > TrustBounds.Delegations + 1)
            {
                return Unlisted(path, $"not among the first {TrustBounds.Delegations} delegated roles");
            }

            if (!_targets.TryGetValue(next.Role, out (string Parent, TargetsMetadata Metadata) held) || held.Parent != next.Parent)
            {
                return DownloadOf(next.Role) is { } download
                    ? new(null, new(next.Role, next.Parent, download), null)
                    : new(null, null, new(RefusalReason.MetadataMissing, next.Role, "the snapshot does not list it"));
            }

            if (held.Metadata.Files.TryGetValue(path, out TargetFile? file))
            {
                return new(file, null, null);
            }

            PushDelegations(held.Metadata, next.Role, path, pending);
        }

        return Unlisted(path, "no role that is trusted for it lists it");
    }

    // 5.6.7.2
    private static void PushDelegations(TargetsMetadata metadata, string parent, string path, Stack<(string, string)> pending)
    {
        List<(string, string)> children = [];
        foreach (DelegatedRole role in metadata.Delegations?.Roles.Where(role => role.Covers(path)) ?? [])
        {
            children.Add((role.Name, parent));
            if (role.Terminating)
            {
                pending.Clear();
                break;
            }
        }

        children.Reverse();
        children.ForEach(pending.Push);
    }

    private static TargetSearch Unlisted(string path, string detail) =>
        new(null, null, new(RefusalReason.UnlistedTarget, path, detail));

    private MetadataDownload? DownloadOf(string role)
    {
        Require(_snapshotAccepted, "targets come after snapshot");
        return Snapshot!.Files.TryGetValue(MetadataPaths.Listed(role), out MetadataFile? listed) ? Download(role, listed) : null;
    }

    private MetadataDownload Download(string role, MetadataFile listed) => new(
        role,
        Root.ConsistentSnapshot ? MetadataPaths.Versioned(role, listed.Version) : MetadataPaths.Unversioned(role),
        Math.Min(listed.Length ?? long.MaxValue, TrustBounds.ForRole(role)));
}
