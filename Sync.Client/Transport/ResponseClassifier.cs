using System.Net;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Sync.Client.Transport;

/// <summary>Classifies responses: those to read, those to refuse, and those to request again.</summary>
internal static class ResponseClassifier
{
    /// <summary>Null when the body may be read.</summary>
    /// <exception cref="TransientFailure">The server cannot respond now; another attempt may succeed.</exception>
    public static Fetched? Classify(HttpResponseMessage response, string path)
    {
        int status = (int)response.StatusCode;
        return status switch
        {
            200 or 201 or 202 or 204 or 206 => RefuseEncoded(response, path),
            304 => Fetched.NotModified,
            404 or 410 => Fetched.NotFound,
            >= 300 and < 400 => Fetched.Refused(
                RefusalReason.TransportForbiddenRedirect, path, $"status {status} to {response.Headers.Location}"),
            408 or 429 or >= 500 => throw new TransientFailure($"status {status} for {path}"),
            _ => Fetched.Refused(RefusalReason.TransportUnavailable, path, $"status {status}"),
        };
    }

    /// <summary>Classifies the response to a request for the rest of <paramref name="part"/>. Empties it where the server sends the whole file
    /// instead.</summary>
    public static Fetched? ClassifyRange(HttpResponseMessage response, string path, PartFile part)
    {
        bool isRest = response.StatusCode == HttpStatusCode.PartialContent
            && response.Content.Headers.ContentRange is { HasRange: true } range && range.From == part.Length;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
            || (response.StatusCode == HttpStatusCode.PartialContent && !isRest))
        {
            part.Clear();
            throw new TransientFailure($"status {(int)response.StatusCode} for {path} does not have the requested range");
        }

        if (response.StatusCode == HttpStatusCode.OK)
        {
            part.Clear();
        }

        return Classify(response, path);
    }

    // Only the plain bytes were requested; decompression would let a small response grow without bounds.
    private static Fetched? RefuseEncoded(HttpResponseMessage response, string path) =>
        response.Content.Headers.ContentEncoding.Count == 0
            ? null
            : Fetched.Refused(
                RefusalReason.TransportUnavailable, path, $"encoded as {string.Join(',', response.Content.Headers.ContentEncoding)}");
}
