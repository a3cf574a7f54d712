namespace Relay.Server.ObjectStore.Client;

/// <summary>What a store answers with an object.</summary>
internal sealed record ObjectHeaders(string ContentType, string CacheControl);
