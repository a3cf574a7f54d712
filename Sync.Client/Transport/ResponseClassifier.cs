using System.Net;
using Shared.Contracts;
using Sync.Client.Storage;

namespace Sync.Client.Transport;

/// <summary>Which answers the node takes, which it refuses, and which are worth another attempt.</summary>
internal static class ResponseClassifier
{
    /// <summary>Null when the body may be read.</summary>
    /// <exception cref="TransientFailure">The relay cannot answer now.</exception>
    public static Fetched? Judge(HttpResponseMessage response, string path)
    {
        int status = (int)response.StatusCode;
        return status switch
        {
            200 or 201 or 202 or 204 or 206 => Encoded(response, path),
            304 => Fetched.NotModified,
            404 or 410 => Fetched.NotFound,
            >= 300 and < 400 => Fetched.Refused(
                RefusalReason.TransportForbiddenRedirect, path, $"status {status} to {response.Headers.Location}"),
            408 or 429 or >= 500 => throw new TransientFailure($"status {status} for {path}"),
            _ => Fetched.Refused(RefusalReason.TransportUnavailable, path, $"status {status}"),
        };
    }

    /// <summary>As above, for a request that goes on at the end of <paramref name="part"/>. Empties it where the relay
    /// starts over instead.</summary>
    public static Fetched? JudgeRange(HttpResponseMessage response, string path, PartFile part)
    {
        bool goesOn = response.StatusCode == HttpStatusCode.PartialContent
            && response.Content.Headers.ContentRange is { HasRange: true } range && range.From == part.Length;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
            || (response.StatusCode == HttpStatusCode.PartialContent && !goesOn))
        {
            part.Clear();
            throw new TransientFailure($"status {(int)response.StatusCode} for {path} has not the range that was asked for");
        }

        if (response.StatusCode == HttpStatusCode.OK)
        {
            part.Clear();
        }

        return Judge(response, path);
    }

    // Nothing was asked for but the bytes themselves; unpacking would let a small answer grow without bounds.
    private static Fetched? Encoded(HttpResponseMessage response, string path) =>
        response.Content.Headers.ContentEncoding.Count == 0
            ? null
            : Fetched.Refused(
                RefusalReason.TransportUnavailable, path, $"packed as {string.Join(',', response.Content.Headers.ContentEncoding)}");
}
