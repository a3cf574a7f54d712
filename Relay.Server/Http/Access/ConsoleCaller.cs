namespace Relay.Server.Http.Access;

/// <summary>The user of the console, as a feature of the requests that the console makes inside the process. No request from outside can
/// have it.</summary>
/// <param name="Actor">The id of an API key, or the text of a token.</param>
internal sealed record ConsoleCaller(string Actor, IReadOnlyList<ApiKeyRole> Roles);
