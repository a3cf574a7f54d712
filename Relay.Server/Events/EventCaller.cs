using System.Security.Claims;
using Relay.Server.Http;

namespace Relay.Server.Events;

/// <summary>Who holds event streams: a key or a node, or the client's address where the route is open.</summary>
/// <param name="Id">Different callers have different ones.</param>
internal readonly record struct EventCaller(string Id)
{
    public static EventCaller From(HttpContext http) => http.User.Identity is ClaimsIdentity { IsAuthenticated: true } identity
        ? new($"{identity.AuthenticationType} {string.Join(' ', identity.Claims.Select(claim => $"{claim.Type}={claim.Value}"))}")
        : new($"address {RateLimits.ClientOf(http.Connection.RemoteIpAddress)}");
}
