using System.Security.Cryptography;
using System.Text;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tuf;

/// <summary>The glob patterns of delegations: <c>*</c> and <c>?</c> never match a slash (TUF 4.5, PATHPATTERN).</summary>
internal static class PathPattern
{
    public static bool Matches(string pattern, string path)
    {
        string[] patterns = pattern.Split('/');
        string[] segments = path.Split('/');
        return patterns.Length == segments.Length
            && patterns.Zip(segments).All(pair => MatchesSegment(pair.First, pair.Second));
    }

    public static string ComputeHash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)));

    // Greedy, with one position to return to: the time is at most the product of both lengths, whatever the pattern.
    private static bool MatchesSegment(string pattern, string text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
