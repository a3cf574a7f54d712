using System.Security.Claims;
using Shared.Contracts.Nodes;

namespace Relay.Server.Http.Access;

/// <summary>The node that signed a request, as its identity: the scheme has verified the signature.</summary>
internal static class NodeIdentity
{
    public const string SchemeName = "NodeSignature";

    private const string NodeClaim = "node";

    /// <summary>The name of the path's part that names a node.</summary>
    private const string RouteParameter = "id";

    /// <summary>True for a request that carries a signature, whatever it is worth: such a request is never taken for an unsigned one.</summary>
    public static bool IsSigned(HttpRequest request) =>
        request.Headers.ContainsKey(RequestSignature.InputHeader) || request.Headers.ContainsKey(RequestSignature.SignatureHeader);

    /// <summary>True for a request that names its sender in any way: by an API key, by a signature, or by what is no good as either.</summary>
    public static bool NamesASender(HttpRequest request) => request.Headers.Authorization.Count > 0 || IsSigned(request);

    /// <summary>Notes that the request is signed in the name of a node that has not enrolled.</summary>
    public static void NoteUnknownSigner(HttpContext context) => context.Features.Set(UnknownSigner.Instance);

    public static bool HasUnknownSigner(HttpContext context) => context.Features.Get<UnknownSigner>() is not null;

    /// <summary>Notes that the request is signed by a node that an operator banned.</summary>
    public static void NoteBanned(HttpContext context) => context.Features.Set(BannedSigner.Instance);

    /// <summary>True for a request that a banned node signed: it is refused also where no signature is needed.</summary>
    public static bool IsBanned(HttpContext context) => context.Features.Get<BannedSigner>() is not null;

    public static ClaimsPrincipal Create(string node) => new(new ClaimsIdentity([new Claim(NodeClaim, node)], SchemeName));

    /// <summary>The id of the node; null where no node signed.</summary>
    public static string? Find(ClaimsPrincipal user) =>
        user.Identities.FirstOrDefault(identity => identity.AuthenticationType == SchemeName)?.FindFirst(NodeClaim)?.Value;

    /// <summary>True when the path is about this node, or about none.</summary>
    public static bool OwnsPath(HttpContext context, string node) =>
        context.GetRouteValue(RouteParameter) is not string named || named == node;

    private sealed class BannedSigner
    {
        public static readonly BannedSigner Instance = new();
    }

    private sealed class UnknownSigner
    {
        public static readonly UnknownSigner Instance = new();
    }
}
