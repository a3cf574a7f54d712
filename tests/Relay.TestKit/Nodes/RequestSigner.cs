using System.Security.Cryptography;
using Shared.Contracts.Nodes;

namespace Relay.TestKit.Nodes;

/// <summary>Signs each request with the key of a node, as a node does.</summary>
public sealed class RequestSigner(string nodeId, ECDsa key, TimeProvider timeProvider, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await SignAsync(request, nodeId, key, timeProvider.GetUtcNow());
        return await base.SendAsync(request, cancellationToken);
    }

    /// <summary>Adds the headers of a signature.</summary>
    public static async Task SignAsync(HttpRequestMessage request, string nodeId, ECDsa key, DateTimeOffset created)
    {
        string? digest = null;
        if (CoveredComponents.CoversBody(request.Method.Method))
        {
            digest = ContentDigest.Create(request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync());
            request.Headers.Add(ContentDigest.Header, digest);
        }

        string target = request.RequestUri!.IsAbsoluteUri ? request.RequestUri.PathAndQuery : request.RequestUri.OriginalString;
        RequestSignature signature = RequestSignature.Create(
            CoveredComponents.Create(request.Method.Method, target, digest).Value!, nodeId, created, key);
        request.Headers.Add(RequestSignature.InputHeader, signature.Input);
        request.Headers.Add(RequestSignature.SignatureHeader, signature.Signature);
    }
}
