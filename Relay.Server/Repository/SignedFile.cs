namespace Relay.Server.Repository;

/// <summary>A metadata file that others have signed, to be published as it is.</summary>
internal sealed record SignedFile(long Version, byte[] Content);
