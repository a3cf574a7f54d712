using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Sync.Client.Transport;

/// <summary>The retry policy of a request: one deadline over all attempts, and waits that double, with jitter, so that a fleet does not
/// retry at the same moments. A server's <c>Retry-After</c> is waited for; a long one ends the request instead. No circuit breaker: a node
/// polls one relay at long intervals.</summary>
internal static class RetryPipeline
{
    /// <summary>The longest pause that a request waits for.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <param name="own">Adds the strategies of the app, in place of the retries; null for none.</param>
    public static ResiliencePipeline Create(
        RelaySyncBudgets budgets, TimeProvider timeProvider, ServerPause pause, Action<ResiliencePipelineBuilder>? own = null)
    {
        ResiliencePipelineBuilder builder = new() { TimeProvider = timeProvider };
        builder.AddTimeout(new TimeoutStrategyOptions { Timeout = budgets.DownloadDeadline });
        if (own is not null)
        {
            own(builder);
        }
        else if (budgets.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<TransientRequestException>(_ => pause.Left <= LongestPause),
                MaxRetryAttempts = budgets.Retries,
                Delay = budgets.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            });
        }

        return builder.Build();
    }
}
