using System.Net;

namespace Shared.Contracts.Http;

/// <summary>The parts of a request that the features depend on, from a live server, a log or the simulator.</summary>
/// <param name="At">When the request arrived.</param>
/// <param name="Client">The address that sent it.</param>
/// <param name="Method">The HTTP method, in any case.</param>
/// <param name="Target">Path with query, as received, before any decoding.</param>
/// <param name="Headers">Every header line as received, Host among them.</param>
public sealed record HttpRequestFacts(
    DateTimeOffset At, IPAddress Client, string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The first value of a header, or null; names compare without case.</summary>
    public string? Header(string name)
    {
        foreach ((string key, string value) in Headers)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }
}
