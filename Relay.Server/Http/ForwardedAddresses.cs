using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Relay.Server.Http;

/// <summary>The client's address behind proxies: the last of <c>X-Forwarded-For</c> that no trusted proxy has. Without a trusted proxy the
/// header is not read, because any client can send it.</summary>
internal static class ForwardedAddresses
{
    public static IServiceCollection AddForwardedAddresses(this IServiceCollection services, IReadOnlyList<IPNetwork> trustedProxies) =>
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = trustedProxies.Count > 0 ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None;

            // Each hop must be a trusted proxy, so that their number needs no limit of its own.
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (IPNetwork network in trustedProxies)
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        });

    public static void UseForwardedAddresses(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value.ForwardedHeaders != ForwardedHeaders.None)
        {
            app.UseForwardedHeaders();
        }
    }
}
