using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Shared.Contracts.Http;

namespace ProtectedSite.Scoring;

/// <summary>Reads a live request for the feature extractor: as it was received, before any decoding.</summary>
internal static class RequestFacts
{
    public static HttpRequestFacts Read(HttpContext http, DateTimeOffset at) => new(
        at,
        http.Connection.RemoteIpAddress ?? IPAddress.None,
        http.Request.Method,
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
        [.. http.Request.Headers.SelectMany(h => h.Value, (h, value) => KeyValuePair.Create(h.Key, value ?? ""))]);
}
