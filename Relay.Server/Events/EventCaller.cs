using System.Security.Claims;
using Relay.Server.Http;
using Relay.Server.Http.Access;

namespace Relay.Server.Events;

/// <summary>Who holds event streams: a node, a key, or the client's address where the route is open.</summary>
/// <param name="Id">Different callers have different ones.</param>
/// <param name="IsNode">A node is one reader; a key and an address may stand for many.</param>
internal readonly record struct EventCaller(string Id, bool IsNode = false)
{
    public static EventCaller Node(string id) => new($"node {id}", IsNode: true);

    public static EventCaller From(HttpContext http)
    {
        if (NodeIdentity.Find(http.User) is { } node)
        {
            return Node(node);
        }

        return http.User.FindFirstValue(ApiKeyAuthentication.KeyClaim) is { } key
            ? new($"key {key}")
            : new($"address {RateLimits.ClientOf(http.Connection.RemoteIpAddress)}");
    }
}
