using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Relay.Server.Http;

/// <summary>The entity tag of what people edit: who sends it back as <c>If-Match</c> overwrites no change that another made meanwhile
/// (RFC 9110, 13.1.1).</summary>
internal static class EntityTags
{
    private const int Digits = 32;

    /// <summary>The strong tag of a text, with its quotes.</summary>
    public static string Compute(string text) => $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits]}\"";

    /// <summary>True when the request may change what has this tag; null: what is not there.</summary>
    public static bool AllowsChange(HttpRequest request, string? current)
    {
        IList<EntityTagHeaderValue> expected = request.GetTypedHeaders().IfMatch;
        return !request.Headers.ContainsKey(HeaderNames.IfMatch)
            || (current is not null && expected.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag == current)));
    }
}
