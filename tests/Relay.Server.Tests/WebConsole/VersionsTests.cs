using System.Net;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Versions in the console: what a page of one has, and what becomes of one.</summary>
public sealed class VersionsTests(VersionsTests.TrainedRelay trained) : IClassFixture<VersionsTests.TrainedRelay>
{
    private const string First = "/console/models/small/versions/1";
    private const string Second = "/console/models/small/versions/2";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Model_TwoVersions_HasAChartAndTheChannelThatRunsOne()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(trained.Relay, "auditor");

        ConsoleAnswer model = await browser.GetAsync("/console/models/small");
        ConsoleAnswer filtered = await browser.GetAsync("/console/models/small?state=revoked");
        ConsoleAnswer list = await browser.GetAsync("/console/models");

        Assert.Contains("<svg role=\"img\" aria-labelledby=\"quality-title quality-desc\"", model.Html, StringComparison.Ordinal);
        Assert.Contains("stable: version 1 , release 1", model.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"{Second}\"", model.Html, StringComparison.Ordinal);
        Assert.Contains("No version is like this. Show all versions", filtered.Text, StringComparison.Ordinal);
        Assert.Contains("stable: 1", list.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_HasTheSectionsOfItsCardWordForWord()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(trained.Relay);
        string card = await trained.Relay.Admin.GetStringAsync(Routes.CardOf("small", 1, "html"), Cancel);
        int start = card.IndexOf("<section", StringComparison.Ordinal);

        ConsoleAnswer page = await browser.GetAsync(First);

        Assert.Contains(card[start..card.LastIndexOf("</main>", StringComparison.Ordinal)], page.Html, StringComparison.Ordinal);
        Assert.Contains("openssl cms -verify", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_ThatAChannelDoesNotRun_HasALinkThatFillsARollout()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(trained.Relay);
        using ConsoleBrowser auditor = await ConsoleBrowser.SignInAsAsync(trained.Relay, "auditor");
        const string Link = "/console/rollouts/new?model=small&amp;version=2&amp;channel=stable";

        ConsoleAnswer page = await browser.GetAsync(Second);
        ConsoleAnswer start = await browser.GetAsync(Link.Replace("&amp;", "&", StringComparison.Ordinal));

        Assert.Contains($"href=\"{Link}\"", page.Html, StringComparison.Ordinal);
        Assert.Contains($"data-page=\"{Second}\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"small@2\"", start.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"stable\" selected", start.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Start a rollout", (await auditor.GetAsync(Second)).Text, StringComparison.Ordinal);

        // A live page that differs without a change would be sent to each browser every two seconds.
        Assert.Equal(page.Html, (await browser.GetAsync(Second)).Html);
    }

    [Fact]
    public async Task Version_DrawsItsGraphWithTheTrees()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(trained.Relay);

        ConsoleAnswer page = await browser.GetAsync(First);

        Assert.Contains("TreeEnsembleRegressor", page.Html, StringComparison.Ordinal);
        Assert.Contains("5 trees, depth 5", page.Text, StringComparison.Ordinal);
        Assert.Contains("LabelEncoder", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("card.html")]
    [InlineData("card.md")]
    [InlineData("bom")]
    [InlineData("files/model.onnx")]
    public async Task Version_LinksOfFiles_LeadToThem(string file)
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(trained.Relay, "auditor");

        ConsoleAnswer page = await browser.GetAsync(First);
        ConsoleAnswer answer = await browser.GetAsync($"/console/files/v1/models/small/versions/1/{file}");

        Assert.Contains($"href=\"/console/files/v1/models/small/versions/1/{file}\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.NotEmpty(answer.Html);
    }

    [Fact]
    public async Task Compare_TwoVersions_SaysInWordsWhatDiffers()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(trained.Relay, "auditor");

        ConsoleAnswer page = await browser.GetAsync($"{Second}/compare?with=1");

        Assert.Contains("Version 2 is", page.Text, StringComparison.Ordinal);
        Assert.Contains("higher by", page.Text, StringComparison.Ordinal);
        Assert.Contains("parameters.trees", page.Text, StringComparison.Ordinal);
        Assert.Contains("Training rows: the same", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alias_SetAndDeleted_ShowsOnBothPages()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(trained.Relay);

        ConsoleAnswer promoted = await browser.SubmitAsync(Second, $"{Second}/promote", ("alias", "trial"));
        ConsoleAnswer model = await browser.GetAsync("/console/models/small");
        ConsoleAnswer deleted = await browser.SubmitAsync("/console/models/small", "/console/models/small/aliases/trial/delete");

        Assert.Contains("trial is version 2 now.", promoted.Text, StringComparison.Ordinal);
        Assert.Contains("/console/models/small/aliases/trial/delete", model.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("aliases/trial", deleted.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alias_OfAVersionThatIsNotThere_KeepsWhatWasTyped()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(trained.Relay);

        ConsoleAnswer refused = await browser.SubmitAsync(
            "/console/models/small", "/console/models/small/aliases", ("alias", "future"), ("version", "77"));

        Assert.Equal(HttpStatusCode.NotFound, refused.Status);
        Assert.Contains("value=\"future\"", refused.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"77\"", refused.Html, StringComparison.Ordinal);
        Assert.Contains("no version 77", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_ChannelThatIsNotThere_IsRefusedUntilItIsToBeNew()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(trained.Relay);

        ConsoleAnswer refused = await browser.SubmitAsync(Second, $"{Second}/release", ("channel", "canary"));
        ConsoleAnswer released = await browser.PostAsync($"{Second}/release", ("channel", "canary"), ("new-channel", "true"));

        Assert.Equal(HttpStatusCode.NotFound, refused.Status);
        Assert.Contains("value=\"canary\"", refused.Html, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, Second), (released.Status, released.Location));
        Assert.Contains("canary runs version 2", (await browser.GetAsync(Second)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_OfAnAuditor_OffersNoChange()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(trained.Relay, "auditor");

        ConsoleAnswer page = await browser.GetAsync(Second);

        Assert.Equal(1, page.Html.Split("method=\"post\"").Length - 1);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync($"{Second}/revoke")).Status);
    }

    /// <summary>A relay with two versions of a model, the first of which a channel runs.</summary>
    public sealed class TrainedRelay : IAsyncLifetime
    {
        public TestRelay Relay { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Relay = await TestRelay.StartAsync();
            ModelVersion first = await Relay.TrainSmallAsync();
            await Relay.TrainSmallAsync(trees: 8);
            await Relay.PublishAsync("stable", first);
        }

        public ValueTask DisposeAsync() => Relay.DisposeAsync();
    }
}
