namespace Relay.Server.Hosting;

/// <summary>What a process of several on one database does.</summary>
internal enum RelayRole
{
    /// <summary>It answers requests, takes its turn as the relay that works, and trains while it is.</summary>
    All,

    /// <summary>The same without training.</summary>
    Api,

    /// <summary>It trains, and answers no requests.</summary>
    Worker,
}

/// <summary>The place of a process among several on one database.</summary>
/// <param name="Address">Where the others reach this one; null for a worker, which gets no requests.</param>
internal sealed record ReplicaSettings(RelayRole Role, Uri? Address);
