using Microsoft.Playwright;
using Relay.TestKit;
using Relay.WebConsole.Browser.Tests.Servers;
using Relay.WebConsole.Browser.Tests.Sessions;
using Shared.Contracts.Api;
using static Microsoft.Playwright.Assertions;

namespace Relay.WebConsole.Browser.Tests.Pages;

public sealed class CardPageTests(Chromium chromium, TrainedRelay trained)
{
    private const string Path = $"{Routes.Models}/{SmallModel.Name}/versions/1/card.html";

    [Theory]
    [MemberData(nameof(SessionOptions.Views), MemberType = typeof(SessionOptions))]
    public async Task Card_InEveryView_IsSound(int width, ColorScheme theme)
    {
        TestRelay relay = await trained.GetAsync();
        await chromium.VisitAsync(new(relay.Address) { Width = width, Theme = theme, Key = relay.AdminKey }, async session =>
        {
            await session.GoToAsync(Path);

            await Expect(session.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(SmallModel.Name);
            await session.RequireSoundPageAsync("card");
        });
    }
}
