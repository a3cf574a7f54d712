using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Shared.Contracts;

namespace Sync.Client.AspNetCore.Scoring;

/// <summary>Scores each request and applies the policy of its endpoint. A request that cannot be scored is never treated as benign.</summary>
internal sealed class ThreatScoringMiddleware(
    RequestDelegate next, RequestScorer scorer, IOptions<ThreatScoringOptions> options, ThreatMeter meter, ILogger<ThreatScoringMiddleware> logger,
    TimeProvider timeProvider)
{
    public const string VerdictHeader = "X-Relay-Verdict";
    public const string ProbabilityHeader = "X-Relay-Probability";
    public const string VersionHeader = "X-Relay-Version";

    private const string RetryAfterSeconds = "30";
    private const int ShownTarget = 200;

    private readonly ThreatScoringOptions _options = options.Value;
    private readonly LogLimiter _limiter = new(timeProvider);
    private readonly ObjectPool<VerdictFeature> _features = ObjectPool.Create<VerdictFeature>();

    public Task InvokeAsync(HttpContext context)
    {
        ThreatPolicy policy = context.GetEndpoint()?.Metadata.GetMetadata<ThreatPolicy>() ?? _options.Policy;
        if (ReferenceEquals(policy, ThreatPolicy.Exempt))
        {
            return next(context);
        }

        long started = meter.Start();
        ThreatVerdict verdict = scorer.Score(context);
        verdict = verdict with { Action = policy.Decide(verdict) };
        meter.Count(verdict, started);
        if (verdict.Action is not ThreatAction.Allow)
        {
            Log(context, verdict);
        }

        if (_options.ResponseHeaders)
        {
            AddHeaders(context.Response.Headers, verdict);
        }

        return AnswerAsync(context, verdict);
    }

    private async Task AnswerAsync(HttpContext context, ThreatVerdict verdict)
    {
        VerdictFeature feature = _features.Get();
        try
        {
            feature.Verdict = verdict;
            context.Features.Set(feature);
            if (await PassesAsync(context, verdict))
            {
                await next(context);
                if (_options.IsFailedLogin(context))
                {
                    scorer.RecordFailedLogin(verdict.Client);
                }
            }
        }
        finally
        {
            context.Features.Set<VerdictFeature>(null);
            feature.Verdict = null;
            _features.Return(feature);
        }
    }

    private ValueTask<bool> PassesAsync(HttpContext context, ThreatVerdict verdict)
    {
        switch (verdict.Action)
        {
            case ThreatAction.Allow or ThreatAction.Log:
                return ValueTask.FromResult(true);
            case ThreatAction.Challenge when context.RequestServices.GetService<IThreatChallenge>() is { } challenge:
                return challenge.PassAsync(context, verdict);
            case ThreatAction.Challenge:
                logger.NoChallenge(context.GetEndpoint()?.DisplayName);
                break;
        }

        return BlockAsync(context, verdict);
    }

    // The answer says nothing of the model: attackers read it.
    private static async ValueTask<bool> BlockAsync(HttpContext context, ThreatVerdict verdict)
    {
        context.Response.StatusCode = verdict.IsScored ? StatusCodes.Status403Forbidden : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/problem+json";
        if (!verdict.IsScored)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        await context.Response.WriteAsync(
            verdict.IsScored ? """{"title":"Forbidden","status":403}""" : """{"title":"Service Unavailable","status":503}""",
            context.RequestAborted);
        return false;
    }

    private void Log(HttpContext context, in ThreatVerdict verdict)
    {
        if (!logger.IsEnabled(LogLevel.Warning) || !_limiter.TryTake(out int dropped))
        {
            return;
        }

        string method = DisplayText.Escape(context.Request.Method, ShownTarget);
        string target = DisplayText.Escape(RequestScorer.TargetOf(context), ShownTarget);
        if (verdict.IsScored)
        {
            Prediction prediction = verdict.Prediction;
            logger.Scored(verdict.Action, verdict.Client, method, target, prediction.Label, verdict.Score, prediction.Version, dropped);
        }
        else
        {
            logger.Unscored(verdict.Action, verdict.Client, method, target, verdict.Fault!, dropped);
        }
    }

    private static void AddHeaders(IHeaderDictionary headers, in ThreatVerdict verdict)
    {
        if (!verdict.IsScored)
        {
            headers[VerdictHeader] = $"unscored; {verdict.Fault}";
            return;
        }

        headers[VerdictHeader] = verdict.Prediction.Label;
        headers[ProbabilityHeader] = verdict.Prediction.Probability.ToString("F4", CultureInfo.InvariantCulture);
        headers[VersionHeader] = verdict.Prediction.Version.ToString(CultureInfo.InvariantCulture);
    }
}
