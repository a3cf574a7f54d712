using System.Net;
using Relay.TestKit;

namespace Relay.Server.Tests.WebConsole;

/// <summary>The forms of channels, filled in wrongly or by others than operators: nothing changes.</summary>
public sealed class ChannelFormTests(PublishedRelay fixture)
{
    private const string Channels = "/console/rollouts/channels";
    private const string Stable = $"{Channels}/stable";

    [Theory]
    [InlineData("models", "small", "Versions are MODEL@VERSION")]
    [InlineData("models", "small@77", "77", HttpStatusCode.NotFound)]
    [InlineData("release", "77", "There is no release 77", HttpStatusCode.NotFound)]
    public async Task Release_RefusedForm_KeepsWhatWasTypedAndSaysWhy(
        string field, string value, string problem, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(fixture.Relay);
        ConsoleAnswer refused = await browser.SubmitAsync(Stable, $"{Stable}/release", (field, value));

        Assert.Equal(status, refused.Status);
        Assert.Contains(problem, refused.Text, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", refused.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channel_Auditor_SeesItAndNoForm()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(fixture.Relay, "auditor");
        ConsoleAnswer page = await browser.GetAsync(Stable);

        Assert.Contains("Channel stable", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"action=\"{Channels}", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("New channel", (await browser.GetAsync(Channels)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/console/rollouts/new", (await browser.GetAsync("/console/rollouts")).Html, StringComparison.Ordinal);
        Assert.Contains("An operator starts rollouts", (await browser.GetAsync("/console/rollouts/new")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync($"{Stable}/release", ("release", "1"))).Status);
    }
}
