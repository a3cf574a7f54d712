using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Shared.Contracts.Api;

namespace Relay.TestKit;

/// <summary>A browser without a script that uses the console of a relay: it keeps cookies, and sends forms with the token of the page
/// before.</summary>
public sealed partial class ConsoleBrowser : IDisposable
{
    private const string SignInPath = "/console/sign-in";

    private readonly HttpClient _client;
    private string _token = "";

    private ConsoleBrowser(HttpClient client) => _client = client;

    /// <summary>A browser that has not signed in.</summary>
    public static ConsoleBrowser Open(TestRelay relay) => new(relay.CreateClient(inner => new CookieHandler(inner)));

    /// <summary>The same for a relay as a process of its own. Cookies are for its address alone.</summary>
    public static ConsoleBrowser Open(RelayProcess relay) => new(relay.CreateBrowserClient(inner => new CookieHandler(inner)));

    /// <summary>A browser that has signed in by the admin key.</summary>
    public static Task<ConsoleBrowser> SignInAsync(TestRelay relay) => SignInAsync(relay, relay.AdminKey);

    /// <summary>A browser that has signed in by a new key with a role.</summary>
    public static async Task<ConsoleBrowser> SignInAsAsync(TestRelay relay, string role)
    {
        using HttpResponseMessage created = await relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest($"{role}-{Guid.NewGuid():N}", role), RelayApiJson.Default.ApiKeyRequest);
        created.EnsureSuccessStatusCode();
        return await SignInAsync(relay, (await created.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued))!.Text);
    }

    /// <exception cref="InvalidOperationException">The relay refused the key.</exception>
    public static async Task<ConsoleBrowser> SignInAsync(TestRelay relay, string key)
    {
        ConsoleBrowser browser = Open(relay);
        ConsoleAnswer answer = await browser.PostAsync(SignInPath, ("key", key));
        return answer.Status is HttpStatusCode.SeeOther ? browser : throw new InvalidOperationException($"The sign-in answered {answer.Status}.");
    }

    /// <summary>Reads a page. A redirect is an answer as others are.</summary>
    public async Task<ConsoleAnswer> GetAsync(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response);
    }

    /// <summary>Sends a form, with the token of the last page that had one.</summary>
    public async Task<ConsoleAnswer> PostAsync(string path, params IEnumerable<(string Name, string Value)> fields)
    {
        using FormUrlEncodedContent form = new(
            fields.Prepend(("csrf", _token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        using HttpResponseMessage response = await _client.PostAsync(new Uri(path, UriKind.Relative), form);
        return await ReadAsync(response);
    }

    /// <summary>Sends a form with a file, with the token of the last page that had one.</summary>
    public async Task<ConsoleAnswer> PostFileAsync(
        string path, string field, string fileName, byte[] content, params IEnumerable<(string Name, string Value)> fields)
    {
        using MultipartFormDataContent form = new() { { new StringContent(_token), "csrf" } };
        foreach ((string name, string value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent(content), field, fileName);
        using HttpResponseMessage response = await _client.PostAsync(new Uri(path, UriKind.Relative), form);
        return await ReadAsync(response);
    }

    /// <summary>Sends a form as a page of another site does: without the token.</summary>
    public async Task<ConsoleAnswer> ForgeAsync(string path)
    {
        using FormUrlEncodedContent form = new([]);
        using HttpResponseMessage response = await _client.PostAsync(new Uri(path, UriKind.Relative), form);
        return await ReadAsync(response);
    }

    /// <summary>Reads a page and sends a form from it; where that leads elsewhere, reads the page there.</summary>
    public async Task<ConsoleAnswer> SubmitAsync(string page, string path, params IEnumerable<(string Name, string Value)> fields)
    {
        await GetAsync(page);
        ConsoleAnswer answer = await PostAsync(path, fields);
        return answer is { Status: HttpStatusCode.SeeOther, Location: { } location } ? await GetAsync(location) : answer;
    }

    /// <summary>Follows a page that changes: the version and the content of each change.</summary>
    /// <param name="version">The version that the browser has.</param>
    public async IAsyncEnumerable<(string Type, string Version, string Html)> FollowAsync(
        string page, string version, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Uri address = new($"/console/live?page={Uri.EscapeDataString(page)}&version={version}", UriKind.Relative);
        using HttpResponseMessage response = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (SseItem<string> item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            yield return (item.EventType, item.EventId ?? "", item.Data);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<ConsoleAnswer> ReadAsync(HttpResponseMessage response)
    {
        string html = await response.Content.ReadAsStringAsync();
        if (TokenField().Match(html) is { Success: true } found)
        {
            _token = WebUtility.HtmlDecode(found.Groups[1].Value);
        }

        return new ConsoleAnswer(response.StatusCode, response.Headers.Location?.OriginalString, html);
    }

    [GeneratedRegex("name=\"csrf\" value=\"([^\"]*)\"")]
    private static partial Regex TokenField();

    private sealed class CookieHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly CookieContainer _cookies = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } cookies)
            {
                request.Headers.Add("Cookie", cookies);
            }

            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            foreach (string cookie in response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set) ? set : [])
            {
                _cookies.SetCookies(request.RequestUri!, cookie);
            }

            return response;
        }
    }
}
