namespace Relay.Server.Events;

/// <summary>The timestamp that the relay serves.</summary>
/// <param name="Snapshot">The version of the snapshot that it lists.</param>
/// <param name="ChangedAt">The first timestamp that listed this snapshot: later ones have only been signed again.</param>
/// <param name="Files">What changed since the timestamp before; null where that is not known.</param>
internal sealed record PublishedTimestamp(long Version, long Snapshot, long ChangedAt, ChangedFiles? Files = null)
{
    public static PublishedTimestamp Follow(PublishedTimestamp? before, long version, long snapshot, ChangedFiles? files = null) =>
        new(version, snapshot, before is not null && before.Snapshot == snapshot ? before.ChangedAt : version, files);
}
