namespace Relay.Server.Repository.Rotation;

/// <summary>The state of a change of keys: published, or waiting for signatures.</summary>
/// <param name="RootVersion">The root that is current, or that waits; null where the change needs no root.</param>
/// <param name="Missing">Files that wait for signatures; none when the change is published.</param>
/// <param name="Pending">The publication under which a change of the targets waits for <c>relay approve</c>; null when none does.</param>
public sealed record RotationOutcome(long? RootVersion, IReadOnlyList<MissingSignatures> Missing, string? Pending)
{
    public bool Published => Missing.Count == 0 && Pending is null;
}

/// <summary>A file that too few keys have signed.</summary>
/// <param name="File">Its path on the relay; people copy it to where the keys are.</param>
/// <param name="Role">Whose keys must sign.</param>
/// <param name="By"><c>present</c> for the present keys of the role, <c>next</c> for the next ones.</param>
/// <param name="Signers">Ids of the keys of which <paramref name="Threshold"/> must sign.</param>
public sealed record MissingSignatures(
    string File, string Role, string By, int Threshold, IReadOnlyList<string> SignedBy, IReadOnlyList<string> Signers);
