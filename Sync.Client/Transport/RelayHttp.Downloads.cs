using System.Net;
using System.Net.Http.Headers;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Platform.Files;
using Shared.Platform.Timing;

namespace Sync.Client.Transport;

// Downloads to disk, from the server itself or from where it sends the node.
internal sealed partial class RelayHttp
{
    /// <summary>Downloads a file of <paramref name="length"/> bytes to disk, and resumes an earlier attempt.</summary>
    /// <param name="followsRedirect">The server may send the node to one of the hosts that its options name. What fails there is downloaded from
    /// the server.</param>
    public async Task<Fetched> DownloadAsync(
        string path, PartFile part, long length, bool followsRedirect, CancellationToken cancellationToken)
    {
        if (!followsRedirect || _redirects is null)
        {
            return await DownloadDirectlyAsync(path, part, length, cancellationToken).ConfigureAwait(false);
        }

        bool wasRedirected = false;
        Fetched first = await AttemptAsync(path, async timeout =>
        {
            using HttpRequestMessage request = CreateRangeRequest(path, part, length);
            request.Headers.Add(ArtifactRedirects.AcceptHeader, ArtifactRedirects.Accepted);
            using HttpResponseMessage response = await SendAsync(request, timeout).ConfigureAwait(false);
            if (response.StatusCode is not HttpStatusCode.TemporaryRedirect)
            {
                return await TakeAsync(response, path, part, length, timeout).ConfigureAwait(false);
            }

            wasRedirected = true;
            if (_redirects.FindError(response.Headers.Location) is { } error)
            {
                return Fetched.Refused(RefusalReason.TransportForbiddenRedirect, path, error);
            }

            using HttpRequestMessage elsewhere = CreateRangeRequest(path, part, length);
            elsewhere.RequestUri = response.Headers.Location;
            using HttpResponseMessage found = await _redirects.SendAsync(elsewhere, timeout.Token).ConfigureAwait(false);
            return await TakeAsync(found, path, part, length, timeout).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        if (!wasRedirected)
        {
            return first;
        }

        if (first.Status is not FetchStatus.Ok)
        {
            _redirects.Report(first.Refusal ?? new(RefusalReason.TransportUnavailable, path, "it is missing where the relay sent this node"));
            first = await DownloadDirectlyAsync(path, part, length, cancellationToken).ConfigureAwait(false);
        }

        return first with { WasRedirected = true };
    }

    private Task<Fetched> DownloadDirectlyAsync(string path, PartFile part, long length, CancellationToken cancellationToken) =>
        AttemptAsync(path, async timeout =>
        {
            using HttpRequestMessage request = CreateRangeRequest(path, part, length);
            using HttpResponseMessage response = await SendAsync(request, timeout).ConfigureAwait(false);
            return await TakeAsync(response, path, part, length, timeout).ConfigureAwait(false);
        }, cancellationToken);

    // The rest of a file is asked for as it is: what was unpacked before is a part of the file itself.
    private HttpRequestMessage CreateRangeRequest(string path, PartFile part, long length)
    {
        if (part.Length >= length)
        {
            part.Clear();
        }

        HttpRequestMessage request = CreateRequest(HttpMethod.Get, path);
        if (part.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
        }
        else
        {
            AcceptCompressed(request);
        }

        return request;
    }

    private async Task<Fetched> TakeAsync(HttpResponseMessage response, string path, PartFile part, long length, MinimumRateTimeout timeout)
    {
        if (ResponseClassifier.ClassifyRange(response, path, part) is { } other)
        {
            return other;
        }

        bool fits;
        try
        {
            fits = await CopyAsync(response, part.AppendAsync, length - part.Length, timeout).ConfigureAwait(false);
        }
        catch (TransientRequestException e) when (e.InnerException is InvalidDataException)
        {
            part.Clear();
            throw;
        }

        return (fits, part.Length == length) switch
        {
            (true, true) => Fetched.Ok([], null),
            (true, false) => Fetched.Refused(
                RefusalReason.ArtifactLengthMismatch, path, $"{part.Length} bytes where {length} are signed"),
            _ => Fetched.Refused(RefusalReason.ArtifactTooLarge, path, $"longer than the {length} bytes that are signed"),
        };
    }
}
