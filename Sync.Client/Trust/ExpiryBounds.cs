using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Sync.Client.Trust;

/// <summary>How far ahead metadata may expire. A relay signs its timestamp for a day: one that is valid for a year was signed when the relay's
/// clock was wrong, or is read when the node's clock is, and could withhold every update for as long.</summary>
internal static class ExpiryBounds
{
    // What relays sign for, and a month more for clocks that differ. People may sign root and targets for longer than the relay proposes.
    private static readonly TimeSpan Timestamp = TimeSpan.FromDays(31);
    private static readonly TimeSpan Online = TimeSpan.FromDays(40);
    private static readonly TimeSpan Targets = TimeSpan.FromDays(400);
    private static readonly TimeSpan Root = TimeSpan.FromDays(1200);

    /// <summary>Null when each of the metadata expires within the time that its role is signed for.</summary>
    /// <param name="delegated">The names of delegated roles.</param>
    public static Refusal? Check(TrustedMetadata metadata, IEnumerable<string> delegated, DateTimeOffset at)
    {
        List<(string Role, RoleMetadata? Metadata, TimeSpan Limit)> roles =
        [
            (RoleNames.Timestamp, metadata.Timestamp, Timestamp),
            (RoleNames.Snapshot, metadata.Snapshot, Online),
            (RoleNames.Targets, metadata.Targets, Targets),
            (RoleNames.Root, metadata.Root, Root),
            .. delegated.Select(role => (role, (RoleMetadata?)metadata.Held(role), Online)),
        ];
        return roles.Where(role => role.Metadata is { } held && held.Expires > at + role.Limit)
            .Select(role => new Refusal(
                RefusalReason.MetadataExpiryTooFar, role.Role,
                $"it expires at {role.Metadata!.Expires:u}, more than {role.Limit.TotalDays:0} days after {at:u}: the " +
                    $"clock of this node is wrong, or "
                + "that of the relay was, which 'relay doctor' mends"))
            .FirstOrDefault();
    }
}
