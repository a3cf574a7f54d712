using System.Net;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Sync.Client.Transport;

/// <summary>Classifies responses: those to read, those to refuse, and those to request again. A status that does not answer the request is
/// refused, so that the next source is asked.</summary>
internal static class ResponseClassifier
{
    /// <summary>Classifies the response to a request for a whole file; null when the body may be read.</summary>
    /// <param name="isConditional">Whether the request named the copy that the caller has.</param>
    /// <exception cref="TransientRequestException">The server cannot respond now; another attempt may succeed.</exception>
    public static Fetched? ClassifyWhole(HttpResponseMessage response, string path, bool isConditional) => response.StatusCode switch
    {
        HttpStatusCode.OK => RefuseEncoded(response, path),
        HttpStatusCode.NotModified when isConditional => Fetched.NotModified,
        _ => ClassifyOther(response, path),
    };

    /// <summary>Classifies the response to a request for the rest of <paramref name="part"/>, or for all of it where it is empty. Empties it
    /// where the server sends the whole file instead.</summary>
    /// <exception cref="TransientRequestException">The server cannot respond now; another attempt may succeed.</exception>
    public static Fetched? ClassifyRange(HttpResponseMessage response, string path, PartFile part)
    {
        bool isRest = part.Length > 0 && response.StatusCode == HttpStatusCode.PartialContent
            && response.Content.Headers.ContentRange is { HasRange: true } range && range.From == part.Length;
        if (part.Length > 0 && (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
            || (response.StatusCode == HttpStatusCode.PartialContent && !isRest)))
        {
            part.Clear();
            throw new TransientRequestException($"status {(int)response.StatusCode} for {path} does not have the requested range");
        }

        if (response.StatusCode == HttpStatusCode.OK)
        {
            part.Clear();
        }

        return isRest ? RefuseEncoded(response, path) : ClassifyWhole(response, path, isConditional: false);
    }

    /// <summary>Classifies a response that has no body to read: for a request that sends something, every success will do.</summary>
    /// <exception cref="TransientRequestException">The server cannot respond now; another attempt may succeed.</exception>
    public static Fetched? ClassifySent(HttpResponseMessage response, string path) =>
        response.IsSuccessStatusCode ? null : ClassifyOther(response, path);

    private static Fetched ClassifyOther(HttpResponseMessage response, string path)
    {
        if (SignatureHandler.FindRefusal(response) is { } refusal)
        {
            return Fetched.Refused(refusal);
        }

        int status = (int)response.StatusCode;
        return status switch
        {
            404 or 410 => Fetched.NotFound,
            304 => Fetched.Refused(RefusalReason.TransportUnavailable, path, "status 304 for a request that named no copy"),
            >= 300 and < 400 => Fetched.Refused(
                RefusalReason.TransportForbiddenRedirect, path, $"status {status} to {response.Headers.Location}"),
            408 or 429 or >= 500 => throw new TransientRequestException($"status {status} for {path}"),
            _ => Fetched.Refused(RefusalReason.TransportUnavailable, path, $"status {status}"),
        };
    }

    private static Fetched? RefuseEncoded(HttpResponseMessage response, string path) =>
        CompressedBody.CanRead(response)
            ? null
            : Fetched.Refused(
                RefusalReason.TransportUnavailable, path,
                $"encoded as {string.Join(',', response.Content.Headers.ContentEncoding)}, which was not asked for");
}
