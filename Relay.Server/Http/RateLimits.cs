using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Relay.Server.Http.Problems;

namespace Relay.Server.Http;

/// <summary>The rate limit of the routes that need no key: each address has its own token bucket.</summary>
internal static class RateLimits
{
    public const string OpenRoutes = "open-routes";

    private const int BurstFactor = 5;

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
        limiter.AddPolicy(OpenRoutes, http => RateLimitPartition.GetTokenBucketLimiter(
            http.Connection.RemoteIpAddress,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = requestsPerSecond * BurstFactor,
                TokensPerPeriod = requestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }));
    }
}
