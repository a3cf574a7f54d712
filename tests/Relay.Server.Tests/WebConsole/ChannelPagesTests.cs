using System.Net;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Channels and releases in the console.</summary>
public sealed class ChannelPagesTests : IAsyncLifetime
{
    private const string Channels = "/console/rollouts/channels";
    private const string Stable = $"{Channels}/stable";

    private TestRelay _relay = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        ModelVersion first = await _relay.TrainSmallAsync(trees: 2);
        await _relay.TrainSmallAsync(trees: 3);
        await _relay.PublishAsync("stable", first);
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Channel_OperatorReleasesAVersionAndGoesBack()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(_relay, "operator");
        ConsoleAnswer released = await browser.SubmitAsync(Stable, $"{Stable}/release", ("models", "small@2"), ("without", ""));
        ConsoleAnswer back = await browser.SubmitAsync(Stable, $"{Stable}/release", ("release", "1"));

        Assert.Contains("stable runs release 2: small@2.", released.Text, StringComparison.Ordinal);
        Assert.Contains("stable runs release 1: small@1.", back.Text, StringComparison.Ordinal);
        Assert.Contains("small 2", (await browser.GetAsync("/console/rollouts/releases?model=small")).Text, StringComparison.Ordinal);
        Assert.Contains("No release has this model", (await browser.GetAsync("/console/rollouts/releases?model=x")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channel_OperatorMakesAndDeletesOne()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(_relay, "operator");
        ConsoleAnswer refused = await browser.SubmitAsync(Channels, Channels, ("channel", "No Name"), ("models", "small@1"));
        ConsoleAnswer made = await browser.SubmitAsync(Channels, Channels, ("channel", "beta"), ("models", "small@1"));
        ConsoleAnswer deleted = await browser.SubmitAsync($"{Channels}/beta", $"{Channels}/beta/delete");

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("No Name", refused.Html, StringComparison.Ordinal);
        Assert.Contains("beta runs release 2", made.Text, StringComparison.Ordinal);
        Assert.Contains("The channel beta is deleted", deleted.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{Channels}/beta")).Status);
    }
}
