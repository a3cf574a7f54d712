using Microsoft.Playwright;
using Relay.TestKit;
using Relay.WebConsole.Browser.Tests.Servers;
using Relay.WebConsole.Browser.Tests.Sessions;
using static Microsoft.Playwright.Assertions;

namespace Relay.WebConsole.Browser.Tests.Pages;

/// <summary>The console of a relay with 100,000 nodes.</summary>
public sealed class LargeFleetTests(Chromium chromium, LargeRelay large)
{
    // 64 KiB hold any page of HTML: 60,000 bytes are promised for the first one with its files, compressed.
    private const int MostBytes = 65_536;

    private static readonly (string Name, string Path)[] Pages =
    [
        ("home-large", "/console"), ("fleet-large", "/console/fleet"),
        ("fleet-large-filtered", $"/console/fleet?channel={LargeRelay.Channel}&stale=false"), ("fleet-large-end", "/console/fleet?cursor=node-99998"),
        ("channel-large", $"/console/rollouts/channels/{LargeRelay.Channel}"), ("adoption-large", "/console/fleet/adoption"),
    ];

    // The same pages of a small relay are visited in all views.
    [Theory]
    [InlineData(SessionOptions.Wide, ColorScheme.Light)]
    [InlineData(SessionOptions.Narrow, ColorScheme.Dark)]
    public async Task Pages_OfALargeFleet_AreSound(int width, ColorScheme theme)
    {
        TestRelay relay = await large.GetAsync();
        await chromium.VisitAsync(new(relay.Address) { Width = width, Theme = theme }, async session =>
        {
            await session.SignInAsync(relay.AdminKey);
            await session.RequireSoundPagesAsync(Pages);
        });
    }

    [Fact]
    public async Task Home_OfALargeFleet_CountsAllNodesInAFewKilobytes()
    {
        TestRelay relay = await large.GetAsync();
        await chromium.VisitAsync(new(relay.Address), async session =>
        {
            await session.SignInAsync(relay.AdminKey);

            IResponse home = await session.GoToAsync("/console");

            Assert.InRange((await home.BodyAsync()).Length, 1, MostBytes);
            await Expect(session.Page.GetByRole(AriaRole.Main)).ToContainTextAsync($"{LargeFleet.Nodes:N0} nodes");
        });
    }

    [Fact]
    public async Task Fleet_OfALargeFleet_IsReadPageByPageAndByFilter()
    {
        TestRelay relay = await large.GetAsync();
        await chromium.VisitAsync(new(relay.Address), async session =>
        {
            IPage page = session.Page;
            ILocator rows = page.GetByRole(AriaRole.Region, new() { Name = "Nodes" }).GetByRole(AriaRole.Row);
            await session.SignInAsync(relay.AdminKey);
            IResponse first = await session.GoToAsync("/console/fleet");
            Assert.InRange((await first.BodyAsync()).Length, 1, MostBytes);
            string before = await rows.Nth(1).InnerTextAsync();

            await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();

            await Expect(rows.Nth(1)).Not.ToHaveTextAsync(before);
            Assert.Contains("cursor=", page.Url, StringComparison.Ordinal);
            await session.GoToAsync("/console/fleet");
            await page.GetByLabel("Name begins with").FillAsync("node-9999");
            await page.GetByLabel("Name begins with").PressAsync("Enter");
            await Expect(rows).ToHaveCountAsync(12);
            Assert.Contains("prefix=node-9999", page.Url, StringComparison.Ordinal);
        });
    }
}
