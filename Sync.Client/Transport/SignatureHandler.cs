using System.Net;
using Shared.Contracts;
using Shared.Contracts.Nodes;
using Sync.Client.Identity;

namespace Sync.Client.Transport;

/// <summary>Signs the requests of a node to its relay once that knows its key, and acts on what the relay says of it: it takes over the relay's time,
/// enrolls the node, and sends the request again. Requests to any other address are sent as they are. For any thread.</summary>
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

        SignedExchange exchange = await SendAsync(request, identity.IsKnown, cancellationToken).ConfigureAwait(false);
        if (exchange.Problem is not null && identity.Key is not null)
        {
            exchange = await IdentifyAsync(request, exchange, cancellationToken).ConfigureAwait(false);
        }

        if (exchange.Problem is { } problem && (exchange.Refusal ?? IdentityRefusals.Explain(problem, identity)) is { } refusal)
        {
            request.Options.Set(RefusalKey, refusal);
        }

        return exchange.Response;
    }

    // The relay wants to know who asks, or does not know who signed: a key that it may know, an enrollment, and at last no signature, for a relay
    // that takes nodes without keys and no unknown ones.
    private async Task<SignedExchange> IdentifyAsync(HttpRequestMessage request, SignedExchange first, CancellationToken cancellationToken)
    {
        SignedExchange exchange = first;
        if (!first.IsSigned && first.Problem?.Type is (NodeProblems.Unauthorized or NodeProblems.Signature))
        {
            exchange = await RepeatAsync(request, exchange, isSigned: true, cancellationToken).ConfigureAwait(false);
            if (exchange.Problem is null && (int)exchange.Response.StatusCode is < 500 and not (408 or 429))
            {
                identity.NoteEnrolled(relay);
            }
        }

        if (exchange.Problem?.Type is not NodeProblems.UnknownNode)
        {
            return exchange;
        }

        identity.NoteUnknown();
        Enrollment enrollment = await EnrollAsync(cancellationToken).ConfigureAwait(false);
        if (enrollment.Unanswered is { } later)
        {
            exchange.Response.Dispose();
            return new SignedExchange(later, null, IsSigned: true);
        }

        return identity.IsKnown || first.IsSigned
            ? await RepeatAsync(request, exchange, identity.IsKnown, cancellationToken).ConfigureAwait(false) with { Refusal = enrollment.Refusal }
            : exchange with { Refusal = enrollment.Refusal };
    }

    private Task<Enrollment> EnrollAsync(CancellationToken cancellationToken) =>
        enroller.EnrollAsync(request => SendAsync(request, isSigned: true, cancellationToken), cancellationToken);

    private Task<SignedExchange> RepeatAsync(
        HttpRequestMessage request, SignedExchange before, bool isSigned, CancellationToken cancellationToken)
    {
        before.Response.Dispose();
        return SendAsync(request, isSigned, cancellationToken);
    }

    private async Task<SignedExchange> SendAsync(HttpRequestMessage request, bool isSigned, CancellationToken cancellationToken)
    {
        SignedExchange exchange = await SendOnceAsync(request, isSigned, cancellationToken).ConfigureAwait(false);
        if (exchange.Problem?.Type is not NodeProblems.SignatureTime || !identity.Clock.TrySet(exchange.Problem.RelayTime))
        {
            return exchange;
        }

        exchange.Response.Dispose();
        return await SendOnceAsync(request, isSigned, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SignedExchange> SendOnceAsync(HttpRequestMessage request, bool isSigned, CancellationToken cancellationToken)
    {
        await SignAsync(request, isSigned, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return new SignedExchange(
            response,
            response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? await RelayProblem.ReadAsync(response, cancellationToken).ConfigureAwait(false)
                : null,
            isSigned);
    }

    private async Task SignAsync(HttpRequestMessage request, bool isSigned, CancellationToken cancellationToken)
    {
        request.Headers.Remove(RequestSignature.InputHeader);
        request.Headers.Remove(RequestSignature.SignatureHeader);
        request.Headers.Remove(ContentDigest.Header);
        if (!isSigned || identity.Key is not { } key || FindTarget(request) is not { } target)
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
