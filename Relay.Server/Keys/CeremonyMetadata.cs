namespace Relay.Server.Keys;

/// <summary>The first root and targets, signed by a key ceremony before the relay's first start.</summary>
internal sealed record CeremonyMetadata(byte[] Root, byte[] Targets);
