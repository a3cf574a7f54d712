using System.Net;
using System.Net.Http.Json;
using Relay.Server.Tests.Releases;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.WebConsole;

/// <summary>What the console makes of a version, each on a relay of its own.</summary>
public sealed class VersionChangesTests
{
    private const string First = "/console/models/small/versions/1";
    private const string Second = "/console/models/small/versions/2";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Release_AnotherSchema_IsAskedAboutFirst()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(cancellationToken: Cancel));
        ModelSpec spec = SmallModel.Spec();
        await relay.TrainAsync(
            spec with { Columns = [spec.Columns[0], spec.Columns[1] with { Type = ColumnType.Ignore }, spec.Columns[2], spec.Columns[3]] },
            SmallModel.Data, Cancel);
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(relay);

        ConsoleAnswer question = await browser.SubmitAsync(Second, $"{Second}/release", ("channel", "stable"));
        ConsoleAnswer before = await browser.GetAsync("/console/models/small");
        ConsoleAnswer released = await browser.SubmitAsync(Second, $"{Second}/release", ("channel", "stable"), ("schema-change", "true"));

        Assert.Equal(HttpStatusCode.Conflict, question.Status);
        Assert.Contains("input 'size' is missing", question.Text, StringComparison.Ordinal);
        Assert.Contains("name=\"schema-change\" value=\"true\"", question.Html, StringComparison.Ordinal);
        Assert.Contains("stable: version 1", before.Text, StringComparison.Ordinal);
        Assert.Contains("stable runs version 2 in its release 2.", released.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_WhereKeysAreOffline_SaysThatNothingHasChangedYet()
    {
        await using OfflineRelay offline = await OfflineRelay.StartAsync();
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(offline.Relay);

        ConsoleAnswer waits = await browser.SubmitAsync(First, $"{First}/release", ("channel", "stable"));
        ConsoleAnswer version = await browser.GetAsync(First);

        Assert.Contains("Nothing has changed yet: it waits for signatures of key holders", waits.Text, StringComparison.Ordinal);
        Assert.Contains("No release has it yet.", version.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_WithAReason_IsShownAndOffersNoRelease()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(cancellationToken: Cancel));
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(relay, "operator");

        ConsoleAnswer revoked = await browser.SubmitAsync(First, $"{First}/revoke", ("reason", "learned from poisoned rows"));

        Assert.Contains("Version 1 is revoked.", revoked.Text, StringComparison.Ordinal);
        Assert.Contains("nodes refuse it", revoked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{First}/release", revoked.Html, StringComparison.Ordinal);
        RevocationView entry = Assert.Single(
            (await relay.Admin.GetFromJsonAsync(Routes.Revocations, RelayApiJson.Default.PageRevocationView, Cancel))!.Items);
        Assert.Equal((1, "learned from poisoned rows"), (entry.Version, entry.Reason));
    }

    [Fact]
    public async Task Delete_IsOfferedForAnUnpublishedVersionAlone()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(cancellationToken: Cancel));
        await relay.TrainSmallAsync(trees: 3, cancellationToken: Cancel);
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(relay);

        ConsoleAnswer published = await browser.GetAsync(First);
        ConsoleAnswer refused = await browser.PostAsync($"{First}/delete");
        ConsoleAnswer deleted = await browser.SubmitAsync(Second, $"{Second}/delete");

        Assert.DoesNotContain($"{First}/delete", published.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("Version 2 is deleted.", deleted.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(Second)).Status);
    }

    [Fact]
    public async Task Import_FileOfABrowser_StartsARun()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.TrainSmallAsync(cancellationToken: Cancel);
        byte[] file = await relay.Admin.GetByteArrayAsync($"{Routes.FilesOf("small", 1)}/model.onnx", Cancel);
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(relay, "trainer");
        const string Page = "/console/models/small/import";
        await browser.GetAsync(Page);

        ConsoleAnswer unnamed = await browser.PostFileAsync(Page, "file", "mine.onnx", file, ("test", ""), ("output", "kept"));
        ConsoleAnswer absent = await browser.PostFileAsync(Page, "file", "mine.onnx", file, ("test", "absent.csv"));
        ConsoleAnswer started = await browser.PostFileAsync(Page, "file", @"C:\models\mine.onnx", file, ("test", SmallModel.TestFile));

        Assert.Equal(HttpStatusCode.BadRequest, unnamed.Status);
        Assert.Contains("value=\"kept\"", unnamed.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, absent.Status);
        Assert.Contains("value=\"absent.csv\"", absent.Html, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, "/console/training/2"), (started.Status, started.Location));
        TrainingRun run = await relay.WaitForRunAsync(2, r => r.IsFinished, Cancel);
        Assert.Equal("mine.onnx", run.Data.Import!.File);
    }
}
