using System.Net;
using Relay.Server.Tests.Rollouts;
using Relay.TestKit;

namespace Relay.Server.Tests.WebConsole;

/// <summary>The form that starts a rollout, filled in wrongly.</summary>
public sealed class StartFormTests(StartFormTests.Fleet fleet) : IClassFixture<StartFormTests.Fleet>
{
    private const string Rollouts = "/console/rollouts";

    [Theory]
    [InlineData("stages", "50, 20, 100", "The percentages of the stages do not rise", HttpStatusCode.UnprocessableEntity)]
    [InlineData("stages", "1, 100", "the smallest percentage that can is", HttpStatusCode.UnprocessableEntity)]
    [InlineData("alpha", "x", "Expected a number")]
    [InlineData("models", "small", "Expected MODEL@VERSION")]
    [InlineData("models", "", "Give either versions")]
    [InlineData("models", "small@99", "99", HttpStatusCode.NotFound)]
    [InlineData("minNodes", "0", "least number of nodes", HttpStatusCode.UnprocessableEntity)]
    [InlineData("metrics", "{", "This is no rule")]
    [InlineData("rampStart", "5", "all three numbers")]
    [InlineData("windowFrom", "22:00", "Give both times")]
    public async Task Start_RefusedForm_KeepsWhatWasTypedAndSaysWhy(
        string field, string value, string problem, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(fleet.Rollout.Relay);
        ConsoleAnswer refused = await browser.SubmitAsync(
            $"{Rollouts}/new", $"{Rollouts}/new", StartForms.Sound.Where(entered => entered.Name != field).Append((field, value)));

        Assert.Equal(status, refused.Status);
        Assert.Contains(problem, refused.Text, StringComparison.Ordinal);
        Assert.Contains(value, refused.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"600\"", refused.Html, StringComparison.Ordinal);
    }

    /// <summary>One relay for all: nothing starts.</summary>
    public sealed class Fleet : IAsyncLifetime
    {
        internal RolloutRelay Rollout { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Rollout = await RolloutRelay.StartAsync();

        public ValueTask DisposeAsync() => Rollout.DisposeAsync();
    }
}
