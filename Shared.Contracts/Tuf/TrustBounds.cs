namespace Shared.Contracts.Tuf;

/// <summary>Limits on what a node reads and follows. A reader stops after one byte more than the limit.</summary>
public static class TrustBounds
{
    public const int RootBytes = 512_000;
    public const int TimestampBytes = 16_384;
    public const int SnapshotBytes = 2_000_000;
    public const int TargetsBytes = 5_000_000;

    /// <summary>Root versions that one update follows.</summary>
    public const int RootRotations = 256;

    /// <summary>Delegated roles that one search for a target visits.</summary>
    public const int Delegations = 32;

    /// <summary>Bytes of a detached CMS signature.</summary>
    public const int SignatureFileBytes = 65_536;

    /// <summary>Bytes of a release, a channel, the policy or the anchors.</summary>
    public const int DocumentBytes = 1_000_000;

    internal static int ForRole(string role) => role switch
    {
        RoleNames.Root => RootBytes,
        RoleNames.Timestamp => TimestampBytes,
        RoleNames.Snapshot => SnapshotBytes,
        _ => TargetsBytes,
    };
}
