using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Sync.Client.Transport;

/// <summary>One deadline over all attempts, and attempts again after waits that double, with jitter, so that a fleet does not
/// come back in step. No circuit breaker: a node polls one relay, seldom, and its poll interval is the pause.</summary>
internal static class RetryPipeline
{
    public static ResiliencePipeline Create(RelaySyncBudgets budgets, TimeProvider timeProvider)
    {
        ResiliencePipelineBuilder builder = new() { TimeProvider = timeProvider };
        builder.AddTimeout(new TimeoutStrategyOptions { Timeout = budgets.DownloadDeadline });
        if (budgets.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<TransientFailure>(),
                MaxRetryAttempts = budgets.Retries,
                Delay = budgets.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            });
        }

        return builder.Build();
    }
}
