using System.Net;
using Shared.Contracts;
using Shared.Contracts.Nodes;
using Sync.Client.Identity;

namespace Sync.Client.Transport;

/// <summary>Signs the requests of a node to its relay, and acts on what the relay says of the signature: it takes over the relay's time, enrolls the
/// node, and sends the request once more. Requests to any other address are sent as they are. For any thread.</summary>
/// <param name="relay">The address of the relay; its path ends with a slash.</param>
internal sealed class SignatureHandler(Uri relay, NodeIdentity identity, NodeEnroller enroller) : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<Refusal> RefusalKey = new("relay.identity-refusal");

    /// <summary>What the relay refused of the node, and not of the request: null for every other response.</summary>
    public static Refusal? FindRefusal(HttpResponseMessage response) =>
        response.RequestMessage?.Options.TryGetValue(RefusalKey, out Refusal? refusal) == true ? refusal : null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (FindTarget(request) is null)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        if (enroller.IsDue)
        {
            Enrollment first = await EnrollAsync(cancellationToken).ConfigureAwait(false);
            if (first.Unanswered is { } later)
            {
                return later;
            }
        }

        (HttpResponseMessage response, RelayProblem? problem) = await SendInTimeAsync(request, cancellationToken).ConfigureAwait(false);
        Refusal? refusal = null;
        if (problem?.Type is NodeProblems.UnknownNode && identity.Key is not null)
        {
            Enrollment enrollment = await EnrollAsync(cancellationToken).ConfigureAwait(false);
            if (enrollment.Unanswered is { } later)
            {
                response.Dispose();
                return later;
            }

            refusal = enrollment.Refusal;
            if (refusal is null)
            {
                response.Dispose();
                (response, problem) = await SendInTimeAsync(request, cancellationToken).ConfigureAwait(false);
            }
        }

        refusal ??= problem is null ? null : IdentityRefusals.Explain(problem, identity);
        if (refusal is not null)
        {
            request.Options.Set(RefusalKey, refusal);
        }

        return response;
    }

    private Task<Enrollment> EnrollAsync(CancellationToken cancellationToken) => enroller.EnrollAsync(SendInTimeAsync, cancellationToken);

    // The problem is that of a status 401, whatever else the response is.
    private async Task<(HttpResponseMessage Response, RelayProblem? Problem)> SendInTimeAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        (HttpResponseMessage response, RelayProblem? problem) = await SendSignedAsync(request, cancellationToken).ConfigureAwait(false);
        if (problem?.Type is not NodeProblems.SignatureTime || !identity.Clock.TrySet(problem.RelayTime))
        {
            return (response, problem);
        }

        response.Dispose();
        return await SendSignedAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(HttpResponseMessage Response, RelayProblem? Problem)> SendSignedAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await SignAsync(request, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return (response, response.StatusCode is HttpStatusCode.Unauthorized
            ? await RelayProblem.ReadAsync(response, cancellationToken).ConfigureAwait(false)
            : null);
    }

    private async Task SignAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(RequestSignature.InputHeader);
        request.Headers.Remove(RequestSignature.SignatureHeader);
        request.Headers.Remove(ContentDigest.Header);
        if (identity.Key is not { } key || FindTarget(request) is not { } target)
        {
            return;
        }

        string? digest = null;
        if (CoveredComponents.CoversBody(request.Method.Method))
        {
            byte[] body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false) : [];
            digest = ContentDigest.Create(body);
            request.Headers.Add(ContentDigest.Header, digest);
        }

        Result<CoveredComponents, SignatureRefusal> components = CoveredComponents.Create(request.Method.Method, target, digest);
        if (components.IsAccepted)
        {
            RequestSignature signature = key.Sign(components.Value, identity.NodeId, identity.Clock.Now);
            request.Headers.Add(RequestSignature.InputHeader, signature.Input);
            request.Headers.Add(RequestSignature.SignatureHeader, signature.Signature);
        }
    }

    // Path and query as the relay receives them: the path of its address is for a proxy that takes it away. Null for another address.
    private string? FindTarget(HttpRequestMessage request) =>
        request.RequestUri is { IsAbsoluteUri: true } address && relay.IsBaseOf(address)
        && address.GetLeftPart(UriPartial.Authority) == relay.GetLeftPart(UriPartial.Authority)
            ? address.PathAndQuery[(relay.AbsolutePath.Length - 1)..]
            : null;
}
