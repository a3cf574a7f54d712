using System.Net;
using Relay.TestKit;

namespace Relay.Server.Tests.WebConsole;

/// <summary>The console of a relay that has nothing yet: each page says what to do.</summary>
public sealed class EmptyFleetTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    [Theory]
    [InlineData("fleet", "No node has reported yet")]
    [InlineData("fleet/adoption", "No node has reported in this time")]
    [InlineData("fleet/tokens", "There is no token yet")]
    [InlineData("rollouts", "No rollout yet")]
    [InlineData("rollouts/new", "release a version on one of the channels first")]
    [InlineData("rollouts/channels", "it begins with its first release")]
    [InlineData("rollouts/releases", "No release yet")]
    public async Task Page_WithoutAnything_SaysWhatToDo(string path, string text)
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        ConsoleAnswer page = await browser.GetAsync($"/console/{path}");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(text, page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fleet/nodes/unknown")]
    [InlineData("fleet/nodes/no%20name")]
    [InlineData("rollouts/77")]
    [InlineData("rollouts/channels/unknown")]
    public async Task Page_OfWhatIsNotThere_IsNotFound(string path)
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/console/{path}")).Status);
    }
}
