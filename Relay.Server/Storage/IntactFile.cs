namespace Relay.Server.Storage;

/// <summary>A file whose bytes are the right ones.</summary>
/// <param name="Tag">SHA-256 of the bytes, lower-case hexadecimal.</param>
/// <param name="WrittenAt">UTC.</param>
/// <param name="Content">The bytes of a small file; null for one that is read from the disk.</param>
internal sealed record IntactFile(string Tag, DateTime WrittenAt, byte[]? Content);
