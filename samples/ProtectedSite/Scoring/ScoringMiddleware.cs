using System.Globalization;
using Shared.Contracts;
using Shared.Contracts.Http;
using Sync.Client;

namespace ProtectedSite.Scoring;

/// <summary>Scores every request to the site and adds verdict, probability and version to the response headers. A request that
/// cannot be scored is marked as unscored, never as safe.</summary>
internal sealed class ScoringMiddleware(
    RequestDelegate next, IRelayModel model, HttpFeatureExtractor extractor, VerdictLog log, PredictionCounter counter,
    TimeProvider timeProvider)
{
    public const string VerdictHeader = "X-Relay-Verdict";
    public const string ProbabilityHeader = "X-Relay-Probability";
    public const string VersionHeader = "X-Relay-Version";

    private const string Unscored = "unscored";
    private RowMap? _map;

    public async Task InvokeAsync(HttpContext http)
    {
        if (OwnPages.Contains(http.Request.Path))
        {
            await next(http);
            return;
        }

        HttpRequestFacts facts = RequestFacts.Read(http, timeProvider.GetUtcNow());
        float[] features = new float[HttpFeatureSchema.Count];
        extractor.Extract(facts, features);
        Score(http, facts, features);
        await next(http);
        if (http.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            extractor.RecordFailedLogin(facts.Client, facts.At);
        }
    }

    private void Score(HttpContext http, HttpRequestFacts facts, float[] features)
    {
        IHeaderDictionary headers = http.Response.Headers;
        try
        {
            // Only the schema of Active is used, which stays: the node refuses a release with another one. The version may change before the next
            // line, so the answer names its own.
            if (MapOf(model.Active) is not { } map)
            {
                headers[VerdictHeader] = $"{Unscored}; {model.Name} does not read HTTP features";
                return;
            }

            Prediction found = model.Predict(map.Row(features));
            counter.Count(found.Version);
            headers[VerdictHeader] = found.Label;
            headers[ProbabilityHeader] = found.Probability.ToString("F4", CultureInfo.InvariantCulture);
            headers[VersionHeader] = found.Version.ToString(CultureInfo.InvariantCulture);
            log.Add(new Verdict(
                facts.At, facts.Client.ToString(), facts.Method, facts.Target, found.Label, found.IsBenign, found.Probability, found.Version));
        }
        catch (RelayModelException e)
        {
            headers[VerdictHeader] = $"{Unscored}; {e.Fault}";
            if (e.Fault is not RelayModelFault.NotReady)
            {
                counter.CountFailed();
            }
        }
    }

    private RowMap? MapOf(ActiveModelVersion active)
    {
        if (_map is null || !ReferenceEquals(_map.Schema, active.Schema))
        {
            _map = RowMap.Create(active.Schema);
        }

        return _map;
    }
}
