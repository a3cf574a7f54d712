using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shared.Contracts.Json;

namespace Relay.Server.Oci;

/// <summary>What a registry asks of its callers: a name with a password, or a token. A registry that hands out tokens of its own gets the name and
/// the password at the address that it names.</summary>
/// <param name="text">NAME:PASSWORD, or a token; null for none.</param>
internal sealed partial class OciCredentials(string? text)
{
    private const int TokenBytes = 64 * 1024;

    private string? Basic => text?.Contains(':', StringComparison.Ordinal) == true
        ? Convert.ToBase64String(Encoding.UTF8.GetBytes(text))
        : null;

    /// <summary>What the first request sends; null for nothing. A name and a password wait until they are asked for.</summary>
    public AuthenticationHeaderValue? First => text is not null && Basic is null ? new("Bearer", text) : null;

    /// <summary>Answers a registry that refused a request.</summary>
    /// <returns>Null where there is nothing to answer with.</returns>
    /// <exception cref="HttpRequestException">No token was handed out.</exception>
    public async Task<AuthenticationHeaderValue?> AnswerAsync(
        HttpClient http, HttpHeaderValueCollection<AuthenticationHeaderValue> challenges, CancellationToken cancellationToken)
    {
        if (challenges.FirstOrDefault(one => one.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) is { Parameter: { } parameter }
            && First is null)
        {
            return new("Bearer", await FetchTokenAsync(http, parameter, cancellationToken));
        }

        return Basic is { } basic && challenges.Any(one => one.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            ? new("Basic", basic)
            : null;
    }

    private async Task<string> FetchTokenAsync(HttpClient http, string challenge, CancellationToken cancellationToken)
    {
        Dictionary<string, string> named = Pair().Matches(challenge)
            .DistinctBy(pair => pair.Groups["name"].Value)
            .ToDictionary(pair => pair.Groups["name"].Value, pair => pair.Groups["value"].Value, StringComparer.OrdinalIgnoreCase);

        if (!Uri.TryCreate(named.GetValueOrDefault("realm"), UriKind.Absolute, out Uri? realm) || !OciContent.IsAllowed(realm, http.BaseAddress!))
        {
            throw new HttpRequestException("The registry names no https:// address that hands out tokens.");
        }

        string query = string.Join('&', new[] { "service", "scope" }.Where(named.ContainsKey)
            .Select(name => $"{name}={Uri.EscapeDataString(named[name])}"));
        UriBuilder address = new(realm) { Query = realm.Query.Length > 1 ? $"{realm.Query[1..]}&{query}" : query };
        using HttpRequestMessage request = new(HttpMethod.Get, address.Uri);
        request.Headers.Authorization = Basic is { } basic ? new("Basic", basic) : null;
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"The registry hands out no token: {realm.Host} answered {(int)response.StatusCode}.");
        }

        byte[] body = await OciContent.ReadAsync(response, TokenBytes, cancellationToken);
        JsonElement answer = StrictJson.Parse(body);
        string token = (answer.Optional("token") ?? answer.Member("access_token")).Text();
        return token.Length > 0 && !token.Any(char.IsControl)
            ? token
            : throw new HttpRequestException($"{realm.Host} hands out a token that no header can hold.");
    }

    [GeneratedRegex("""(?<name>[a-z]+)="(?<value>[^"]*)" """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pair();
}
