namespace Relay.Server.Http.Access;

/// <summary>The key of a request.</summary>
internal sealed record ApiKeyIdentity(string Id, ApiKeyRole Role);
