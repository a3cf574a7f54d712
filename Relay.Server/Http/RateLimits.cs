using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;

namespace Relay.Server.Http;

/// <summary>The rate limit of the routes that nodes use. Each node that signs has its own token bucket; everyone else shares that of the IPv4
/// address or of the IPv6 network of 64 bits, which is what one client has.</summary>
internal static class RateLimits
{
    public const string NodeRoutes = "node-routes";

    private const int BurstFactor = 5;
    private const int ClientNetworkBytes = 8;

    public static IServiceCollection AddRateLimits(this IServiceCollection services, int requestsPerSecondAndAddress) =>
        services.AddRateLimiter(limiter => Configure(limiter, requestsPerSecondAndAddress));

    private static void Configure(RateLimiterOptions limiter, int requestsPerSecond)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
            return new ValueTask(RelayProblems.TooManyRequests().ExecuteAsync(context.HttpContext));
        };
        limiter.AddPolicy(NodeRoutes, http => requestsPerSecond == 0 ? RateLimitPartition.GetNoLimiter("") : RateLimitPartition.GetTokenBucketLimiter(
            CallerOf(http),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = requestsPerSecond * BurstFactor,
                TokensPerPeriod = requestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }));
    }

    // No name of a node has a colon or a space.
    private static string CallerOf(HttpContext http) =>
        NodeIdentity.Find(http.User) is { } node ? $"node {node}" : ClientOf(http.Connection.RemoteIpAddress).ToString();

    internal static IPAddress ClientOf(IPAddress? address)
    {
        address = address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : address ?? IPAddress.None;
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] network = address.GetAddressBytes();
        network.AsSpan(ClientNetworkBytes).Clear();
        return new IPAddress(network);
    }
}
