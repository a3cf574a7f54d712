using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Pages that change while they are open.</summary>
public sealed class LivePageTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task Follow_APageThatChanges_SendsItWithTheTokenOfTheSession()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        string token = TokenOf((await browser.GetAsync("/console")).Html);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using IAsyncEnumerator<(string Type, string Version, string Html)> pages =
            browser.FollowAsync("/console/settings/api-keys", "none", end.Token).GetAsyncEnumerator(end.Token);

        Assert.True(await pages.MoveNextAsync());
        Assert.Equal("page", pages.Current.Type);
        Assert.Contains(token, pages.Current.Html, StringComparison.Ordinal);
        string version = pages.Current.Version;

        using HttpResponseMessage created = await own.Relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest("comes later", "auditor"), RelayApiJson.Default.ApiKeyRequest);
        created.EnsureSuccessStatusCode();
        Assert.True(await pages.MoveNextAsync());
        Assert.NotEqual(version, pages.Current.Version);
        Assert.Contains("comes later", pages.Current.Html, StringComparison.Ordinal);
        await end.CancelAsync();
    }

    [Fact]
    [Trait("Attack", "console-session")]
    public async Task Follow_SessionThatEnds_EndsTheStream()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        string version = (await browser.GetAsync("/console/settings/roles")).Html.Split("data-version=\"")[1].Split('"')[0];
        Task<string> last = LastTypeAsync(browser.FollowAsync("/console/settings/roles", version, TestContext.Current.CancellationToken));
        await browser.PostAsync("/console/sign-out");

        Assert.Equal("end", await last.WaitAsync(Eventually.DefaultDeadline, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("https://example.com/console")]
    public async Task Follow_WhatIsNotOfTheConsole_IsRefused(string path)
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        await Assert.ThrowsAsync<HttpRequestException>(() => LastTypeAsync(browser.FollowAsync(path, "")));
    }

    /// <summary>A stream that followed a stream would never end, and a file may be large.</summary>
    [Theory]
    [InlineData("/console/live?page=/console")]
    [InlineData("/console/./live?page=/console")]
    [InlineData("/console/%6Cive?page=/console")]
    [InlineData("/console/files/v1/models")]
    [InlineData("/console/x/../files/v1/models")]
    [InlineData("/console/../v1/models")]
    public async Task Follow_WhatIsNoPage_Ends(string path)
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        Task<string> last = LastTypeAsync(browser.FollowAsync(path, ""));
        Assert.Equal("end", await last.WaitAsync(Eventually.DefaultDeadline, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Attack", "console-markup")]
    public async Task Page_NamesThatAreMarkup_ShowsThemAsText()
    {
        using HttpResponseMessage created = await own.Relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest("<img src=x onerror=alert(1)>\"'", "auditor"), RelayApiJson.Default.ApiKeyRequest);
        created.EnsureSuccessStatusCode();
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        ConsoleAnswer page = await browser.GetAsync("/console/settings/api-keys");

        Assert.DoesNotContain("<img", page.Html, StringComparison.Ordinal);
        Assert.Contains("<img src=x onerror=alert(1)>\"'", page.Text.Replace("&lt;", "<", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "console-markup")]
    public async Task EveryPage_AllowsNoScriptAndNoStyleInItself()
    {
        using HttpResponseMessage page = await own.Relay.Anonymous.GetAsync("/console/sign-in");
        string policy = page.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryPage_BrowserThatTakesBrotli_IsCompressed()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/console/sign-in") { Headers = { { "Accept-Encoding", "gzip, br" } } };
        using HttpResponseMessage page = await own.Relay.Anonymous.SendAsync(request);

        Assert.Equal(["br"], page.Content.Headers.ContentEncoding);
    }

    private static async Task<string> LastTypeAsync(IAsyncEnumerable<(string Type, string Version, string Html)> pages)
    {
        string last = "";
        await foreach ((string type, _, _) in pages)
        {
            last = type;
        }

        return last;
    }

    private static string TokenOf(string html) => html.Split("name=\"csrf\" value=\"")[1].Split('"')[0];
}
