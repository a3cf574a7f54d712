using Microsoft.Playwright;
using Relay.WebConsole.Browser.Tests.Servers;
using Relay.WebConsole.Browser.Tests.Sessions;
using Xunit.Sdk;

namespace Relay.WebConsole.Browser.Tests.Checks;

public sealed class PageErrorsTests(Chromium chromium)
{
    /// <summary>The kind of the error, a part of its text, and the script or the body that causes it.</summary>
    public static TheoryData<string, string, string, string> Causes => new()
    {
        { nameof(PageErrorKind.Console), "no model is left", "console.error('no model is left')", "" },
        { nameof(PageErrorKind.Console), "404", "", "<img src='/missing.png' alt='A plot'>" },
        { nameof(PageErrorKind.SecurityPolicy), "inline style", "", "<p style='color: red'>Red</p>" },
        { nameof(PageErrorKind.SecurityPolicy), "inline script", "", "<script>document.title = 'inline'</script>" },
        { nameof(PageErrorKind.SecurityPolicy), "image", "", "<img src='http://relay.invalid/plot.png' alt='A plot'>" },
        { nameof(PageErrorKind.ForeignRequest), "relay.invalid", "", "<img src='http://relay.invalid/plot.png' alt='A plot'>" },
        { nameof(PageErrorKind.Exception), "TypeError", "null.length", "" },
        { nameof(PageErrorKind.Exception), "too many", "Promise.reject(new RangeError('too many'))", "" },
        { nameof(PageErrorKind.FailedRequest), "net::ERR_", "", "<img src='/broken.png' alt='A plot'>" },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task Take_PageWithError_HasItsKind(string kind, string text, string script, string body)
    {
        await using PageServer server = await PageServer.StartAsync(
            ("/", PageServer.Page(body, "<script src='/page.js' defer></script>")), ("/page.js", script), ("/broken.png", null));
        await chromium.VisitAsync(new(server.Address), async session =>
        {
            await session.GoToAsync("/");

            Assert.Contains(await session.Errors.TakeAsync(), error => $"{error.Kind}" == kind && error.Text.Contains(text));
        });
    }

    [Fact]
    public async Task Visit_PageWithError_FailsWithAPicture()
    {
        string picture = Path.Combine(Screenshots.Folder, "failed", $"{nameof(Visit_PageWithError_FailsWithAPicture)}-1280-light.png");
        await using PageServer server = await PageServer.StartAsync(
            ("/", PageServer.Page("", "<script src='/page.js'></script>")), ("/page.js", "console.error('no model is left')"));

        Exception failure = await Assert.ThrowsAsync<FailException>(
            () => chromium.VisitAsync(new(server.Address), session => session.GoToAsync("/")));

        Assert.Contains("no model is left", failure.Message);
        Assert.True(File.Exists(picture));
        File.Delete(picture);
    }

    [Fact]
    public async Task Take_ErrorOfAWindowThatThePageOpened_IsSeen()
    {
        await using PageServer server = await PageServer.StartAsync(
            ("/", PageServer.Page("<a href='/second' target='_blank'>Second</a>")),
            ("/second", PageServer.Page("", "<script src='/page.js'></script>")), ("/page.js", "console.error('no model is left')"));
        await chromium.VisitAsync(new(server.Address), async session =>
        {
            await session.GoToAsync("/");
            IPage second = await session.Page.RunAndWaitForPopupAsync(() => session.Page.ClickAsync("a"));
            await second.WaitForLoadStateAsync();

            Assert.Equal(PageErrorKind.Console, Assert.Single(await session.Errors.TakeAsync()).Kind);
        });
    }

    [Fact]
    public async Task Visit_RequestThatThePageEnds_IsNoError()
    {
        await using PageServer server = await PageServer.StartAsync(
            ("/", PageServer.Page("", "<script src='/page.js'></script>")),
            ("/page.js", "const end = new AbortController(); fetch('/', { signal: end.signal }).catch(() => {}); end.abort();"));

        await chromium.VisitAsync(new(server.Address), session => session.GoToAsync("/"));
    }
}
