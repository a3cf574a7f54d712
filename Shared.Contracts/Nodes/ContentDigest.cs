using System.Security.Cryptography;

namespace Shared.Contracts.Nodes;

/// <summary>The header <c>Content-Digest</c> (RFC 9530) in the only form that a relay accepts: one SHA-256 of the body as it is sent.</summary>
public static class ContentDigest
{
    /// <summary>The name of the header.</summary>
    public const string Header = "Content-Digest";

    private const string Start = "sha-256=:";
    private const string End = ":";

    /// <summary>The value of the header for a body; an empty body has a digest as well.</summary>
    public static string Create(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return FromHash(hash);
    }

    /// <summary>True when the value is the digest of the body, in the form of <see cref="Create"/>.</summary>
    public static bool Matches(string? value, ReadOnlySpan<byte> body) => value is not null && value == Create(body);

    /// <summary>True when the value is the digest of what was hashed, with SHA-256, in the form of <see cref="Create"/>. It ends the hash.</summary>
    internal static bool Matches(string? value, IncrementalHash body) => value is not null && value == FromHash(body.GetHashAndReset());

    /// <summary>The value of the header for a body with this SHA-256.</summary>
    internal static string FromHash(ReadOnlySpan<byte> hash) => Start + Convert.ToBase64String(hash) + End;

    /// <summary>True for a value of the form of <see cref="Create"/>, whatever the body is.</summary>
    internal static bool IsWellFormed(string value) =>
        value.Length > Start.Length && value.StartsWith(Start, StringComparison.Ordinal) && value.EndsWith(End, StringComparison.Ordinal)
        && CanonicalBase64.Decode(value[Start.Length..^End.Length], SHA256.HashSizeInBytes) is not null;
}
