namespace Shared.Contracts.Nodes;

/// <summary>What a <see cref="RequestSignature"/> covers of a request (RFC 9421, 2): the method, the path, the query and, for every method but
/// GET and HEAD, the digest of the body. Not the authority: a proxy between node and relay may change it.</summary>
public sealed record CoveredComponents
{
    /// <summary>The maximum length of a request's target, in characters.</summary>
    public const int MaximumTargetLength = 8192;

    private CoveredComponents(string method, string path, string query, string? contentDigest) =>
        (Method, Path, Query, ContentDigest) = (method, path, query, contentDigest);

    /// <summary>In upper case.</summary>
    public string Method { get; }

    /// <summary>As it is sent, with its percent-encoding (RFC 9421, 2.2.6).</summary>
    public string Path { get; }

    /// <summary>With its question mark, which is there without a query as well (RFC 9421, 2.2.7).</summary>
    public string Query { get; }

    /// <summary>The header of <see cref="Nodes.ContentDigest"/>; null for GET and HEAD.</summary>
    public string? ContentDigest { get; }

    /// <summary>True for a method whose requests have a body that a signature covers.</summary>
    public static bool CoversBody(string method) => method is not ("GET" or "HEAD");

    /// <summary>The components of a request.</summary>
    /// <param name="target">Path and query as the relay receives them: a path before it that a proxy takes away does not belong to it.</param>
    /// <param name="contentDigest">The header <c>Content-Digest</c>; null for GET and HEAD.</param>
    public static Result<CoveredComponents, SignatureRefusal> Create(string method, string target, string? contentDigest)
    {
        if (method is not { Length: > 0 and <= 16 } || !method.All(char.IsAsciiLetterUpper))
        {
            return new SignatureRefusal(SignatureFault.Request, "the method is not a word in upper case");
        }

        if (target.Length > MaximumTargetLength || !target.StartsWith('/') || !target.All(c => c is > ' ' and < '\x7f'))
        {
            return new SignatureRefusal(
                SignatureFault.Request, $"the target is not a path and a query of at most {MaximumTargetLength} visible ASCII characters");
        }

        if (CoversBody(method) != contentDigest is not null || (contentDigest is not null && !Nodes.ContentDigest.IsWellFormed(contentDigest)))
        {
            return new SignatureRefusal(
                SignatureFault.ContentDigest,
                CoversBody(method) ? "the header Content-Digest is not one SHA-256 of the body" : "a request of this method has no body to cover");
        }

        int mark = target.IndexOf('?', StringComparison.Ordinal);
        return new CoveredComponents(method, mark < 0 ? target : target[..mark], mark < 0 ? "?" : target[mark..], contentDigest);
    }
}
