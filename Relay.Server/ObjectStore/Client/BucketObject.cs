namespace Relay.Server.ObjectStore.Client;

/// <summary>An object as the store lists it.</summary>
/// <param name="Key">Without the prefix of the settings.</param>
/// <param name="EntityTag">As the store gives it: it changes with the bytes.</param>
internal sealed record BucketObject(string Key, long Length, string EntityTag);

/// <summary>What an object has, by reading all of it.</summary>
/// <param name="Sha256">Lower-case hexadecimal; empty where the store itself says that the bytes were damaged.</param>
internal sealed record ObjectDigest(long Length, string Sha256, string EntityTag);

/// <summary>A small object.</summary>
internal sealed record ObjectContent(byte[] Content, string EntityTag);

/// <summary>How a conditional write ended.</summary>
internal enum PutOutcome
{
    Written,

    /// <summary>The condition did not hold: there is an object, or another than the one that was to be replaced.</summary>
    Refused,

    /// <summary>The store has no such condition.</summary>
    Unsupported,
}
