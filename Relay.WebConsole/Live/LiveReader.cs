using System.Net;
using Relay.WebConsole.Access;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Live;

/// <summary>Reads a page for one browser that follows it.</summary>
internal sealed class LiveReader(LivePages pages, IConsoleHost host, HttpClient client, ConsoleUser user, string token, string path)
{
    private readonly string _key = $"{string.Join(',', user.Roles.Order(StringComparer.Ordinal))}\n{path}";

    /// <summary>The page with the token of this session; null when the session has ended.</summary>
    public async Task<LivePage?> ReadAsync(CancellationToken cancellationToken)
    {
        if (host.FindUser(token) is null)
        {
            return null;
        }

        // Others wait for the same page: it is made to its end, also when this browser leaves.
        LivePage? page = await pages.ReadAsync(_key, MakeAsync).WaitAsync(cancellationToken);
        return page is null ? null : page with { Html = page.Html.Replace(LivePage.Token, user.CsrfToken, StringComparison.Ordinal) };
    }

    private async Task<LivePage?> MakeAsync()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Add(PageWriter.FragmentHeader, "main");
        request.Headers.Add("Cookie", $"{SessionCookie.Name}={token}");
        using HttpResponseMessage response = await client.SendAsync(request);
        if (response.StatusCode is HttpStatusCode.SeeOther
            || !response.Headers.TryGetValues(PageWriter.VersionHeader, out IEnumerable<string>? version))
        {
            return null;
        }

        string html = await response.Content.ReadAsStringAsync();
        return new LivePage(version.Single(), html.Replace(user.CsrfToken, LivePage.Token, StringComparison.Ordinal));
    }
}
