using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Relay.Server.Fleet.Identity;
using Relay.Server.Http.Bodies;

namespace Relay.Server.Fleet;

/// <summary>What proves a report: the request as the node signed it, so that it can be shown later.</summary>
/// <param name="KeyIdentity">The key that verified it.</param>
/// <param name="Body">The text that was signed.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Input">The header <c>Signature-Input</c>.</param>
/// <param name="Text">The header <c>Signature</c>.</param>
internal sealed record CheckInSignature(string KeyIdentity, string Body, string Target, string Input, string Text)
{
    /// <summary>The signature of an authenticated node's request; null where none is authenticated.</summary>
    public static CheckInSignature? Find(HttpContext context, NodeKeys keys) =>
        context.Features.Get<SignedRequest>() is { } request && keys.Find(request.Signature.NodeId) is { Key: var key }
            ? new(
                key.Identity, Encoding.UTF8.GetString(context.Features.GetRequiredFeature<BufferedBody>().Bytes.Span), request.Target,
                request.Signature.Input, request.Signature.Signature)
            : null;
}
