using Relay.WebConsole.Browser.Tests.Servers;
using Relay.WebConsole.Browser.Tests.Sessions;
using Xunit.Sdk;

namespace Relay.WebConsole.Browser.Tests.Checks;

public sealed class ReflowTests(Chromium chromium)
{
    private static readonly string Table = PageServer.Page("<table><tr><td>1</td></tr></table>", "<link rel='stylesheet' href='/page.css'>");

    [Theory]
    [InlineData(SessionOptions.Wide, 0)]
    [InlineData(SessionOptions.Narrow, 500 - SessionOptions.Narrow)]
    public async Task FindOverflow_TableOf500Pixels_IsWhatTheWindowLacks(int width, int overflow)
    {
        await using PageServer server = await PageServer.StartAsync(("/", Table), ("/page.css", "body { margin: 0 } table { width: 500px }"));
        await chromium.VisitAsync(new(server.Address) { Width = width }, async session =>
        {
            await session.GoToAsync("/");

            Assert.Equal(overflow, await Reflow.FindOverflowAsync(session.Page));
        });
    }

    [Fact]
    public async Task Require_TableWiderThanTheWindow_Fails()
    {
        await using PageServer server = await PageServer.StartAsync(("/", Table), ("/page.css", "table { width: 2000px }"));
        await chromium.VisitAsync(new(server.Address), async session =>
        {
            await session.GoToAsync("/");

            await Assert.ThrowsAsync<FailException>(() => Reflow.RequireAsync(session.Page));
        });
    }
}
