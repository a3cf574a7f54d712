using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Shared.Contracts.Http;

namespace Sync.Client.AspNetCore.Scoring;

/// <summary>Computes the features of a request and scores them.</summary>
internal sealed class RequestScorer
{
    private const int MaximumClassesOnStack = 64;
    private const int MaximumAttempts = 3;
    private const string ForwardedFor = "X-Forwarded-For";

    private readonly IRelayModel _model;
    private readonly IRelaySamples? _samples;
    private readonly TimeProvider _timeProvider;
    private readonly ClientAddress _clients;
    private readonly ISet<string> _proxyHeaders;
    private readonly HttpFeatureExtractor _extractor;
    private FeatureMap? _map;

    public RequestScorer(IOptions<ThreatScoringOptions> options, IServiceProvider services, TimeProvider timeProvider)
    {
        ThreatScoringOptions settings = options.Value;
        _model = settings.Model is { } name ? services.GetRequiredKeyedService<IRelayModel>(name) : services.GetRequiredService<IRelayModel>();
        _samples = settings.RecordSamples ? services.GetRequiredService<IRelaySamples>() : null;
        (_timeProvider, _clients, _proxyHeaders) = (timeProvider, new ClientAddress(settings), settings.ProxyHeaders);
        _extractor = new HttpFeatureExtractor(settings.ClientCapacity);
    }

    public ThreatVerdict Score(HttpContext context)
    {
        IPAddress client = _clients.Find(context, out bool isProxied, out bool sentForwardedFor);
        Span<float> features = stackalloc float[HttpFeatureSchema.Count];
        HeaderFeatures headers = new();
        foreach ((string name, StringValues lines) in context.Request.Headers)
        {
            if (isProxied && _proxyHeaders.Contains(name) && !(sentForwardedFor && name.Equals(ForwardedFor, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            for (int i = 0; i < lines.Count; i++)
            {
                headers.Add(name, lines[i]);
            }
        }

        _extractor.Extract(_timeProvider.GetUtcNow(), client, context.Request.Method, TargetOf(context), headers, features);
        if (!_model.IsReady)
        {
            return Unscored(client, nameof(RelayModelFault.NotReady));      // without the cost of an exception for each request
        }

        try
        {
            return Score(features, client);
        }
        catch (RelayModelException e)
        {
            return Unscored(client, e.Fault.ToString());
        }
    }

    public void RecordFailedLogin(IPAddress client) => _extractor.RecordFailedLogin(client, _timeProvider.GetUtcNow());

    // A version that reads other features may become active between two lines: what was made for the one before is made again.
    private ThreatVerdict Score(ReadOnlySpan<float> features, IPAddress client)
    {
        for (int attempt = 0; attempt < MaximumAttempts; attempt++)
        {
            (FeatureMap? map, string? fault) = _map is { } known ? (known, null) : FeatureMap.Create(_model.Active);
            _map = map;
            if (map is null)
            {
                return Unscored(client, fault!);
            }

            try
            {
                if (TryScore(map, features, client, out ThreatVerdict verdict))
                {
                    return verdict;
                }
            }
            catch (RelayModelException e) when (e.Fault is RelayModelFault.WrongWidth or RelayModelFault.WrongType or RelayModelFault.WrongOutput)
            {
                // The next attempt sees the version that refused the row.
            }

            _map = null;
        }

        return Unscored(client, $"{_model.Name} changes faster than a request is scored");
    }

    private bool TryScore(FeatureMap map, ReadOnlySpan<float> features, IPAddress client, out ThreatVerdict verdict)
    {
        Span<float> row = stackalloc float[map.Width];
        Span<float> probabilities = map.Classes <= MaximumClassesOnStack ? stackalloc float[map.Classes] : new float[map.Classes];
        map.Fill(features, row);
        Prediction prediction = _model.Predict(row, probabilities);
        bool isOfMap = prediction.Sha256 == map.Version.Sha256;
        verdict = new()
        {
            Client = client,
            Prediction = prediction,
            Score = 1 - probabilities[map.Benign],
            SampleId = isOfMap ? _samples?.Record(_model.Name, row) : null,
        };
        return isOfMap;
    }

    private static ThreatVerdict Unscored(IPAddress client, string fault) => new() { Client = client, Score = float.NaN, Fault = fault };

    public static string TargetOf(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw ? raw
        : $"{context.Request.PathBase}{context.Request.Path}{context.Request.QueryString}";
}
