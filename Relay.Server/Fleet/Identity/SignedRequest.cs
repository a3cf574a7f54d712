using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Shared.Contracts;
using Shared.Contracts.Nodes;

namespace Relay.Server.Fleet.Identity;

/// <summary>A request with the signature that it carries, which is not verified yet.</summary>
/// <remarks>The signature covers the header <c>Content-Digest</c>. That the body is the one of the digest is checked where bodies are read,
/// before any route sees one (<see cref="Http.Bodies.JsonBodyCheck"/>).</remarks>
/// <param name="Target">Path and query, as received.</param>
internal sealed record SignedRequest(RequestSignature Signature, CoveredComponents Components, string Target)
{
    public static Result<SignedRequest, SignatureRefusal> Read(HttpRequest request)
    {
        if (request.Headers[RequestSignature.InputHeader] is not [{ } input]
            || request.Headers[RequestSignature.SignatureHeader] is not [{ } text])
        {
            return new SignatureRefusal(
                SignatureFault.InputMalformed,
                $"the headers {RequestSignature.InputHeader} and {RequestSignature.SignatureHeader} have to be there once each");
        }

        StringValues digest = request.Headers[ContentDigest.Header];
        if (digest.Count > 1)
        {
            return new SignatureRefusal(SignatureFault.ContentDigest, $"the header {ContentDigest.Header} is there more than once");
        }

        if (!CoveredComponents.CoversBody(request.Method)
            && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            return new SignatureRefusal(SignatureFault.Request, $"a {request.Method} has a body, which its signature does not cover");
        }

        string target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        Result<CoveredComponents, SignatureRefusal> components =
            CoveredComponents.Create(request.Method, target, digest.Count == 0 ? null : digest[0]);
        if (!components.IsAccepted)
        {
            return components.Refusal;
        }

        Result<RequestSignature, SignatureRefusal> signature = RequestSignature.Read(input, text);
        return signature.IsAccepted ? new SignedRequest(signature.Value, components.Value, target) : signature.Refusal;
    }

    /// <summary>True when it was signed at about this time.</summary>
    public bool IsOfTime(DateTimeOffset now) => (now - Signature.Created).Duration() <= RequestSignature.MaximumAge;
}
