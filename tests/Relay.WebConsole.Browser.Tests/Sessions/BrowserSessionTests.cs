using System.Buffers.Binary;
using Microsoft.Playwright;
using Relay.WebConsole.Browser.Tests.Checks;
using Relay.WebConsole.Browser.Tests.Servers;

namespace Relay.WebConsole.Browser.Tests.Sessions;

public sealed class BrowserSessionTests(Chromium chromium)
{
    [Theory]
    [InlineData(true, "written")]
    [InlineData(false, "served")]
    public async Task JavaScript_RunsOnlyWhereItIsOn(bool javaScript, string text)
    {
        await using PageServer server = await PageServer.StartAsync(
            ("/", PageServer.Page("<p>served</p>", "<script src='/page.js' defer></script>")),
            ("/page.js", "document.querySelector('p').textContent = 'written'"));
        await chromium.VisitAsync(new(server.Address) { JavaScript = javaScript }, async session =>
        {
            await session.GoToAsync("/");

            Assert.Equal(text, await session.Page.TextContentAsync("p"));
            await session.RequireSoundPageAsync("scripts");
        });
    }

    [Theory]
    [MemberData(nameof(SessionOptions.Views), MemberType = typeof(SessionOptions))]
    public async Task Screenshot_InEveryView_HasItsWidthAndBackground(int width, ColorScheme theme)
    {
        const string Style = "body { background: #fff } @media (prefers-color-scheme: dark) { body { background: #000; color: #fff } }";
        await using PageServer server = await PageServer.StartAsync(
            ("/", PageServer.Page("", "<link rel='stylesheet' href='/page.css'>")), ("/page.css", Style));
        await chromium.VisitAsync(new(server.Address) { Width = width, Theme = theme }, async session =>
        {
            await session.GoToAsync("/");

            string file = await session.SaveScreenshotAsync("theme");

            Assert.Equal(Path.Combine(Screenshots.Folder, $"theme-{width}-{(theme == ColorScheme.Dark ? "dark" : "light")}.png"), file);
            Assert.Equal(width, ReadWidth(await File.ReadAllBytesAsync(file)));
            string background = await session.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
            Assert.Equal(theme == ColorScheme.Dark ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)", background);
        });
    }

    [Fact]
    public async Task Sessions_HaveCookiesOfTheirOwn()
    {
        await using PageServer server = await PageServer.StartAsync(
            ("/", PageServer.Page("", "<script src='/page.js'></script>")), ("/page.js", "document.cookie = 'user=1'"),
            ("/other", PageServer.Page("")));
        await chromium.VisitAsync(new(server.Address), async session =>
        {
            await session.GoToAsync("/");
            Assert.Equal("user=1", await session.Page.EvaluateAsync<string>("() => document.cookie"));
        });

        await chromium.VisitAsync(new(server.Address), async session =>
        {
            await session.GoToAsync("/other");
            Assert.Equal("", await session.Page.EvaluateAsync<string>("() => document.cookie"));
        });
    }

    // The width follows the signature, and the length and type of the first chunk: PNG, 11.2.1.
    private static int ReadWidth(byte[] png) => BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16));
}
