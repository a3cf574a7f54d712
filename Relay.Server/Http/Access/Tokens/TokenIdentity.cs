namespace Relay.Server.Http.Access.Tokens;

/// <summary>The accepted token of a request.</summary>
/// <param name="Roles">One or more, each once.</param>
internal sealed record TokenIdentity(TokenActor Actor, IReadOnlyList<ApiKeyRole> Roles);
