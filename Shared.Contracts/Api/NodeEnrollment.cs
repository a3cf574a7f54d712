using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>A node's request to be known by its key. It is signed with that key.</summary>
/// <param name="Node">The node's own name: 1 to 128 letters, digits, dots, hyphens, underscores.</param>
/// <param name="PublicKey">The SubjectPublicKeyInfo of an ECDSA key on P-256, DER in base64.</param>
/// <param name="Token">What the operator made by <c>relay enroll-token</c>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record NodeEnrollment(string Node, string PublicKey, string Token)
{
    /// <summary>Maximum bytes of the JSON text.</summary>
    public const int Bytes = 4096;

    /// <summary>The record without its token, which no log may hold.</summary>
    public override string ToString() => $"{nameof(NodeEnrollment)} {{ Node = {Node} }}";
}
