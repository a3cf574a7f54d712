namespace Relay.Server.Events;

/// <summary>The timestamp that the relay serves.</summary>
/// <param name="Snapshot">The version of the snapshot that it lists.</param>
/// <param name="ChangedAt">The first timestamp that listed this snapshot: later ones have only been signed again.</param>
internal sealed record PublishedTimestamp(long Version, long Snapshot, long ChangedAt)
{
    public static PublishedTimestamp Follow(PublishedTimestamp? before, long version, long snapshot) =>
        new(version, snapshot, before is not null && before.Snapshot == snapshot ? before.ChangedAt : version);
}
