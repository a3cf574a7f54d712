using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Relay.Server.Storage;

namespace Relay.Server.Replicas;

/// <summary>What a replica sends along with a request that it passes on: the secret of the relay that works, and the address that the request came
/// from. Without the secret nothing of it is believed.</summary>
internal static class ReplicaHeaders
{
    public const string Secret = "Relay-Replica-Secret";
    public const string Client = "Relay-Replica-Client";

    /// <summary>On the answer of a replica that was taken for the relay that works.</summary>
    public const string NotActive = "Relay-Replica-Not-Active";

    public static bool IsPassedOn(HttpRequest request) => request.Headers.ContainsKey(Secret);

    /// <summary>Takes the address of the client from a request that a replica passed on.</summary>
    /// <returns>False where the secret is not that of this relay: the request is not from a replica, or meant for another relay.</returns>
    public static bool TryAccept(HttpContext context, ActiveRelay active)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(headers[Secret].ToString()), Encoding.UTF8.GetBytes(active.Secret))
            || !IPAddress.TryParse(headers[Client].ToString(), out IPAddress? client))
        {
            return false;
        }

        context.Features.GetRequiredFeature<IHttpConnectionFeature>().RemoteIpAddress = client;
        Remove(headers);
        return true;
    }

    /// <summary>A client that sends these headers is not believed.</summary>
    public static void Remove(IHeaderDictionary headers)
    {
        headers.Remove(Secret);
        headers.Remove(Client);
    }
}
