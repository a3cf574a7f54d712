using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Relay.Server.Hosting;
using Relay.Server.Http.Problems;

namespace Relay.Server.Http;

/// <summary>Bounds what one address may ask of the routes that need no key.</summary>
internal static class RateLimits
{
    public const string OpenRoutes = "open-routes";

    private const int BurstFactor = 5;

    public static IServiceCollection AddRateLimits(this IServiceCollection services, RelayOptions options) =>
        services.AddRateLimiter(limiter => Configure(limiter, options));

    private static void Configure(RateLimiterOptions limiter, RelayOptions options)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
            return new ValueTask(RelayProblems
                .Problem(429, "too-many-requests", "Too many requests from this address: wait a second.")
                .ExecuteAsync(context.HttpContext));
        };
        limiter.AddPolicy(OpenRoutes, http => RateLimitPartition.GetTokenBucketLimiter(
            http.Connection.RemoteIpAddress,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = options.RequestsPerSecondAndAddress * BurstFactor,
                TokensPerPeriod = options.RequestsPerSecondAndAddress,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }));
    }
}
