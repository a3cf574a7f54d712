namespace Relay.Server.Repository;

/// <summary>A metadata file that is signed already and is published unchanged.</summary>
internal sealed record SignedFile(long Version, byte[] Content);
