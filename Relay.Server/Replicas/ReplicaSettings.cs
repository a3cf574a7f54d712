namespace Relay.Server.Replicas;

/// <summary>What a relay that has others beside it, on one data folder and one database, does.</summary>
internal enum RelayRole
{
    /// <summary>It answers requests, and takes its turn as the one that works.</summary>
    All,

    /// <summary>It answers requests by sending them on, and never becomes the one that works.</summary>
    Api,
}

/// <summary>The place of a relay among several on one data folder and one database.</summary>
/// <param name="Address">Where the others reach this one; null for a role that they never send anything to.</param>
internal sealed record ReplicaSettings(RelayRole Role, Uri? Address);
