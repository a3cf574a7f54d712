using System.Net;
using System.Net.Http.Headers;

namespace Relay.Server.Oci;

/// <summary>A repository of a registry, by the OCI distribution specification 1.1. Nothing that it sends is believed: each answer must have the
/// digest that was asked for.</summary>
internal sealed partial class OciRegistry(HttpClient http, OciReference reference, OciCredentials credentials)
{
    private const int ManifestBytes = 4 << 20;
    private const int MaximumRedirects = 3;

    private AuthenticationHeaderValue? _authorization = credentials.First;

    private string Root => $"/v2/{reference.Repository}";

    /// <summary>The manifest of a tag or a digest; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It has another digest, or is too long.</exception>
    public async Task<byte[]?> FindManifestAsync(string version, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(() => ManifestRequest(HttpMethod.Get, version), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        Require(response, HttpStatusCode.OK, $"the manifest {version}");
        byte[] content = await OciContent.ReadAsync(response, ManifestBytes, cancellationToken);
        return !version.StartsWith(OciDescriptor.Sha256, StringComparison.Ordinal) || OciDescriptor.DigestFor(content) == version
            ? content
            : throw new InvalidDataException($"The registry sends another manifest than {version}.");
    }

    /// <exception cref="InvalidDataException">The registry has other bytes.</exception>
    public async Task<byte[]> ReadBlobAsync(OciDescriptor blob, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await FollowAsync(
            await SendAsync(() => new(HttpMethod.Get, $"{Root}/blobs/{blob.Digest}"), cancellationToken), cancellationToken);
        Require(response, HttpStatusCode.OK, $"the blob {blob.Digest}");
        byte[] content = await OciContent.ReadAsync(response, blob.Size, cancellationToken);
        return OciDescriptor.DigestFor(content) == blob.Digest
            ? content
            : throw new InvalidDataException($"The registry sends other bytes than {blob.Digest}.");
    }

    /// <summary>Sends a blob that the repository lacks.</summary>
    public async Task PushBlobAsync(OciDescriptor blob, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using (HttpResponseMessage known = await SendAsync(() => new(HttpMethod.Head, $"{Root}/blobs/{blob.Digest}"), cancellationToken))
        {
            if (known.StatusCode == HttpStatusCode.OK)
            {
                return;
            }
        }

        using HttpResponseMessage begun = await SendAsync(() => new(HttpMethod.Post, $"{Root}/blobs/uploads/"), cancellationToken);
        Require(begun, HttpStatusCode.Accepted, "an upload");
        if (!Uri.TryCreate(http.BaseAddress!, begun.Headers.Location, out Uri? location)
            || location.Authority != http.BaseAddress!.Authority || location.Scheme != http.BaseAddress.Scheme)
        {
            throw new HttpRequestException($"The registry sends uploads to another place, '{begun.Headers.Location}', which gets no credentials.");
        }

        UriBuilder place = new(location)
        {
            Query = $"{(location.Query.Length > 1 ? location.Query[1..] + "&" : "")}digest={Uri.EscapeDataString(blob.Digest)}",
        };
        using HttpResponseMessage stored = await SendAsync(
            () => new(HttpMethod.Put, place.Uri) { Content = Bytes(content, "application/octet-stream") }, cancellationToken);
        Require(stored, HttpStatusCode.Created, $"the blob {blob.Digest}");
    }

    /// <returns>True when the registry lists the manifest among the referrers of its subject by itself.</returns>
    public async Task<bool> PushManifestAsync(string version, byte[] manifest, string mediaType, CancellationToken cancellationToken)
    {
        using HttpResponseMessage stored = await SendAsync(
            () =>
            {
                HttpRequestMessage request = ManifestRequest(HttpMethod.Put, version);
                request.Content = Bytes(manifest, mediaType);
                return request;
            },
            cancellationToken);
        Require(stored, HttpStatusCode.Created, $"the manifest {version}");
        return stored.Headers.Contains("OCI-Subject");
    }

    private HttpRequestMessage ManifestRequest(HttpMethod method, string version)
    {
        HttpRequestMessage request = new(method, $"{Root}/manifests/{version}");
        request.Headers.Accept.ParseAdd(ModelPack.ManifestType);
        request.Headers.Accept.ParseAdd(ModelPack.IndexType);
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await SendOnceAsync(create, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized
            && await credentials.AnswerAsync(http, response.Headers.WwwAuthenticate, cancellationToken) is { } answer
            && answer.ToString() != _authorization?.ToString())
        {
            response.Dispose();
            _authorization = answer;
            response = await SendOnceAsync(create, cancellationToken);
        }

        return response;
    }

    private async Task<HttpResponseMessage> SendOnceAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = create();
        request.Headers.Authorization = _authorization;
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    // A registry may have blobs elsewhere. No credentials go there, and the digest is checked.
    private async Task<HttpResponseMessage> FollowAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        for (int i = 0; i < MaximumRedirects && (int)response.StatusCode is >= 301 and <= 308 && response.Headers.Location is { } location; i++)
        {
            Uri from = response.RequestMessage!.RequestUri!;
            response.Dispose();
            if (!Uri.TryCreate(from, location, out Uri? next) || !OciContent.IsAllowed(next, http.BaseAddress!))
            {
                throw new HttpRequestException($"The registry leads to '{location}', which is no https:// address.");
            }

            response = await http.GetAsync(next, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }

        return response;
    }

    private void Require(HttpResponseMessage response, HttpStatusCode expected, string what)
    {
        if (response.StatusCode != expected)
        {
            throw new HttpRequestException(
                $"The registry {reference.Registry} answered {(int)response.StatusCode} for {what} of {reference.Repository}"
                + (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? ": name credentials by --registry-auth." : "."));
        }
    }

    private static ReadOnlyMemoryContent Bytes(ReadOnlyMemory<byte> content, string mediaType) =>
        new(content) { Headers = { ContentType = new(mediaType) } };
}
