using Relay.Server.Keys;
using Relay.Server.Repository.Pending;
using Shared.Platform.Files;

namespace Relay.Server.Repository.Rotation;

/// <summary>Private keys that a rotation replaced. They are deleted once no metadata lists them, neither current nor waiting.</summary>
internal sealed class ReplacedKeys(RootRotation rotation, PendingPublications pending, SigningKeys keys, DurableFiles files)
{
    /// <summary>Deletes what may go; the calling transaction holds the repository's lock.</summary>
    public void Delete()
    {
        if (keys.Folder is not { } folder)
        {
            return;
        }

        RoleAssignments current = rotation.Current;
        RoleAssignments? next = rotation.Next;
        IReadOnlyList<string> waiting = pending.ListedKeyIds();
        new KeyRotationJournal(folder, files).DeleteUnlisted(id => current.Lists(id) || next?.Lists(id) == true || waiting.Contains(id));
        keys.Refresh();
    }
}
