using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Relay.Server.Http.Problems;

namespace Relay.Server.Http;

/// <summary>The rate limit of the routes that need no key: each IPv4 address and each IPv6 network of 64 bits, which is what one client has,
/// has its own token bucket.</summary>
internal static class RateLimits
{
    public const string OpenRoutes = "open-routes";

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
        limiter.AddPolicy(OpenRoutes, http => requestsPerSecond == 0 ? RateLimitPartition.GetNoLimiter(IPAddress.Any) : RateLimitPartition.GetTokenBucketLimiter(
            ClientOf(http.Connection.RemoteIpAddress),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = requestsPerSecond * BurstFactor,
                TokensPerPeriod = requestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }));
    }

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
