using Microsoft.Playwright;
using Relay.WebConsole.Browser.Tests.Servers;
using Relay.WebConsole.Browser.Tests.Sessions;
using Xunit.Sdk;

namespace Relay.WebConsole.Browser.Tests.Checks;

public sealed class AccessibilityTests(Chromium chromium)
{
    private static readonly string WithoutName = PageServer.Page("<button></button>");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Find_ButtonWithoutName_IsCritical(bool javaScript)
    {
        await using PageServer server = await PageServer.StartAsync(("/", WithoutName));
        await chromium.VisitAsync(new(server.Address) { JavaScript = javaScript }, async session =>
        {
            await session.GoToAsync("/");

            AccessibilityFinding finding = Assert.Single(await Accessibility.FindAsync(session.Page));

            Assert.Equal(("button-name", "critical", "button"), (finding.Rule, finding.Impact, Assert.Single(finding.Targets)));
        });
    }

    [Fact]
    public async Task Require_ButtonWithoutName_SaysRuleElementAndHelp()
    {
        await using PageServer server = await PageServer.StartAsync(("/", WithoutName));
        await chromium.VisitAsync(new(server.Address), async session =>
        {
            await session.GoToAsync("/");

            Exception failure = await Assert.ThrowsAsync<FailException>(() => Accessibility.RequireAsync(session.Page));

            Assert.All(["button-name", "  button", "Buttons must have discernible text"], part => Assert.Contains(part, failure.Message));
        });
    }

    [Fact]
    public async Task Find_ButtonWithoutNameInFrame_IsFound()
    {
        await using PageServer server = await PageServer.StartAsync(
            ("/", PageServer.Page("<iframe src='/frame' title='A card' sandbox></iframe>")), ("/frame", WithoutName));
        await chromium.VisitAsync(new(server.Address), async session =>
        {
            await session.GoToAsync("/");

            Assert.Equal("button-name", Assert.Single(await Accessibility.FindAsync(session.Page)).Rule);
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 0)]
    [InlineData(ColorScheme.Dark, 1)]
    public async Task Find_TextThatIsPaleInTheDarkTheme_IsFoundThere(ColorScheme theme, int count)
    {
        const string Style =
            "body { background: #fff } @media (prefers-color-scheme: dark) { body { background: #000 } h1 { color: #fff } p { color: #333 } }";
        await using PageServer server = await PageServer.StartAsync(
            ("/", PageServer.Page("<p>Pale</p>", "<link rel='stylesheet' href='/page.css'>")), ("/page.css", Style));
        await chromium.VisitAsync(new(server.Address) { Theme = theme }, async session =>
        {
            await session.GoToAsync("/");

            Assert.Equal(count, (await Accessibility.FindAsync(session.Page)).Count(finding => finding.Rule == "color-contrast"));
        });
    }

    [Fact]
    public async Task Require_SkippedHeading_IsNotSerious()
    {
        await using PageServer server = await PageServer.StartAsync(("/", PageServer.Page("<h3>Details</h3>")));
        await chromium.VisitAsync(new(server.Address), async session =>
        {
            await session.GoToAsync("/");

            Assert.Equal("heading-order", Assert.Single(await Accessibility.FindAsync(session.Page)).Rule);
            await Accessibility.RequireAsync(session.Page);
        });
    }
}
