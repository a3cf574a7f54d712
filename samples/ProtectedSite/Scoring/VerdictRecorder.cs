using Shared.Contracts;
using Sync.Client;
using Sync.Client.AspNetCore;

namespace ProtectedSite.Scoring;

/// <summary>Shows and counts the verdict of each request, whatever the site answers.</summary>
internal sealed class VerdictRecorder(RequestDelegate next, VerdictLog log, PredictionCounter counter, TimeProvider timeProvider)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.TryGetThreatVerdict(out ThreatVerdict? verdict))
        {
            Record(context.Request, verdict.Value);
        }

        return next(context);
    }

    private void Record(HttpRequest request, ThreatVerdict verdict)
    {
        if (!verdict.IsScored)
        {
            if (verdict.Fault != nameof(RelayModelFault.NotReady))
            {
                counter.CountFailed();
            }

            return;
        }

        Prediction found = verdict.Prediction;
        counter.Count(found.Version);
        log.Add(new Verdict(
            timeProvider.GetUtcNow(), verdict.Client.ToString(), request.Method, DisplayText.Escape(request.Path + request.QueryString), found.Label,
            found.IsBenign, found.Probability, found.Version));
    }
}
