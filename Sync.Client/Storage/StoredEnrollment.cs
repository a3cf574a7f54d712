namespace Sync.Client.Storage;

/// <summary>The note that a relay enrolled the node's key. A node enrolls at its first start where it has a token, also with a relay that takes nodes
/// without keys; without the note, it would not after a start without the relay.</summary>
/// <param name="Relay">The relay's address.</param>
/// <param name="Key">SHA-256 of the public key, lower-case hexadecimal.</param>
internal sealed record StoredEnrollment(string Relay, string Key);
