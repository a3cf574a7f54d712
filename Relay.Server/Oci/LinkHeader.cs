using System.Net.Http.Headers;

namespace Relay.Server.Oci;

/// <summary>Reads the header <c>Link</c> of an answer that has a part of a list (RFC 8288).</summary>
internal static class LinkHeader
{
    /// <summary>The address of the next part, which may be relative; null where there is none.</summary>
    public static string? FindNext(HttpResponseHeaders headers)
    {
        foreach (string value in headers.TryGetValues("Link", out IEnumerable<string>? values) ? values : [])
        {
            // <address>; parameter; parameter, <address>; parameter
            for (int start = value.IndexOf('<'); start >= 0;)
            {
                int end = value.IndexOf('>', start);
                if (end < 0)
                {
                    break;
                }

                int following = value.IndexOf('<', end);
                if (IsNext(value[(end + 1)..(following < 0 ? value.Length : following)]))
                {
                    return value[(start + 1)..end];
                }

                start = following;
            }
        }

        return null;
    }

    private static bool IsNext(string parameters) => parameters.Split(';')
        .Select(parameter => parameter.Split('=', 2))
        .Any(parameter => parameter.Length == 2 && parameter[0].Trim().Equals("rel", StringComparison.OrdinalIgnoreCase)
            && parameter[1].Trim(' ', '\t', ',', '"').Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase));
}
