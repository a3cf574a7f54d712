using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Storage;
using Relay.Server.Tests.Datasets;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Datasets in the console.</summary>
public sealed class DataPagesTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private const string New = "/console/new-dataset";

    [Fact]
    public async Task Dataset_WithRowsOfANodeAndAKey_ShowsConsentSourcesAndConflicts()
    {
        await SmallDataset.CreateAsync(own.Relay, "seen");
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(own.Relay, "data-1");
        using (node)
        using (client)
        {
            await SmallDataset.AddAsync(client, "seen", """{"id":"a","length":1,"verdict":"bad"}""");
        }

        await SmallDataset.AddAsync(own.Relay.Admin, "seen", """{"id":"b","length":2}""", """{"id":"c","length":3}""", """{"id":"d","length":4}""");
        await SmallDataset.LabelAsync(own.Relay.Admin, "seen", ("a", "good"));
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");

        ConsoleAnswer list = await browser.GetAsync("/console/data?name=see");
        Assert.Contains("seen 4 2 1 0", list.Text, StringComparison.Ordinal);
        Assert.Contains("4 of 5 columns", list.Text, StringComparison.Ordinal);
        ConsoleAnswer page = await browser.GetAsync("/console/data/seen");
        Assert.Contains("Columns length, method, client Labels yes", page.Text, StringComparison.Ordinal);
        Assert.Contains("client category may be empty replaced by a keyed hash yes", page.Text, StringComparison.Ordinal);
        Assert.Contains("note ignore may be empty refused no", page.Text, StringComparison.Ordinal);
        Assert.Contains("1 labels that conflict", page.Text, StringComparison.Ordinal);
        Assert.Contains("node:data-1 1 25 % 1", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/console/fleet/nodes/data-1\"", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NoDatasetThatFits_SaysSo()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");
        Assert.Contains("No dataset is like this", (await browser.GetAsync("/console/data?name=zzz")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/console/data/zzz")).Status);
    }

    [Fact]
    public async Task Pages_ForAnAuditor_OfferNoChange()
    {
        await SmallDataset.CreateAsync(own.Relay, "read");
        using ConsoleBrowser auditor = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");

        string[] changes = ["/console/data/read/spec", "/console/data/read/forget", "/console/data/read/delete", Routes.ExportOf("read", "csv")];
        string forTrainer = (await trainer.GetAsync("/console/data/read")).Html;
        string forAuditor = (await auditor.GetAsync("/console/data/read")).Html;
        Assert.All(changes, change => Assert.Contains(change, forTrainer, StringComparison.Ordinal));
        Assert.All(changes, change => Assert.DoesNotContain(change, forAuditor, StringComparison.Ordinal));
        Assert.DoesNotContain("<textarea", (await auditor.GetAsync(New)).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<textarea", (await auditor.GetAsync("/console/data/read/forget")).Html, StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.Forbidden, (await auditor.SubmitAsync("/console/data/read", "/console/data/read/delete")).Status);
    }

    [Fact]
    public async Task Create_SpecThatIsWrong_NamesThePathAndKeepsTheText()
    {
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");
        string start = (await trainer.GetAsync(New)).ReadTextarea();

        ConsoleAnswer refused = await trainer.SubmitAsync(
            New, New, ("spec", start.Replace("\"nodeShare\": 0.2", "\"nodeShare\": 7", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("$.limits.nodeShare", refused.Text, StringComparison.Ordinal);
        Assert.Contains("\"nodeShare\": 7", refused.Text, StringComparison.Ordinal);
        ConsoleAnswer malformed = await trainer.SubmitAsync(New, New, ("spec", "{ \"name\": }"));
        Assert.Equal(HttpStatusCode.BadRequest, malformed.Status);
        Assert.Contains("{ \"name\": }", malformed.Text, StringComparison.Ordinal);

        ConsoleAnswer made = await trainer.SubmitAsync(New, New, ("spec", start));
        Assert.Contains("The dataset my-dataset is there", made.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing came yet", made.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_ConsentAndLimits_AreReplacedAndColumnsStay()
    {
        await SmallDataset.CreateAsync(own.Relay, "changed");
        const string path = "/console/data/changed/spec";
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");
        ConsoleAnswer form = await trainer.GetAsync(path);
        string text = form.ReadTextarea();
        string seen = form.Html.Split("name=\"seen\" value=\"")[1].Split('"')[0];

        ConsoleAnswer refused = await trainer.SubmitAsync(
            path, path, ("seen", seen), ("spec", text.Replace("\"length\"", "\"size\"", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("Create another dataset for other columns", refused.Text, StringComparison.Ordinal);
        Assert.Contains("\"size\"", refused.Text, StringComparison.Ordinal);

        string fewer = text.Replace("1000000", "500", StringComparison.Ordinal);
        ConsoleAnswer changed = await trainer.SubmitAsync(path, path, ("seen", seen), ("spec", fewer));
        Assert.Contains("The spec is changed", changed.Text, StringComparison.Ordinal);
        Assert.Equal(500, (await SmallDataset.ViewAsync(own.Relay, "changed")).Spec.Limits.MaxRows);

        ConsoleAnswer outdated = await trainer.SubmitAsync(path, path, ("seen", seen), ("spec", text));
        Assert.Equal(HttpStatusCode.Conflict, outdated.Status);
        Assert.Contains("Somebody changed the dataset meanwhile", outdated.Text, StringComparison.Ordinal);
        Assert.Equal(500, (await SmallDataset.ViewAsync(own.Relay, "changed")).Spec.Limits.MaxRows);
    }

    [Fact]
    public async Task Forget_IdsAndASource_SaysWhatWasThereAndWhatIsLeft()
    {
        await SmallDataset.CreateAsync(own.Relay, "gone");
        await SmallDataset.AddAsync(own.Relay.Admin, "gone", """{"id":"a","length":1}""", """{"id":"b","length":2}""", """{"id":"c","length":3}""");
        const string path = "/console/data/gone/forget";
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");

        ConsoleAnswer refused = await trainer.SubmitAsync(path, path, ("ids", "a\r\nwhat?"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("$.ids[1]", refused.Text, StringComparison.Ordinal);
        Assert.Contains("a\r\nwhat?", WebUtility.HtmlDecode(refused.Html), StringComparison.Ordinal);
        Assert.Equal(3, (await SmallDataset.ViewAsync(own.Relay, "gone")).Rows);

        ConsoleAnswer ids = await trainer.SubmitAsync(path, path, ("ids", "a\r\nnever-there"));
        Assert.Contains("Forgotten ids: 1. Unknown ids: 1; they are not taken later either (1 may be misspelled", ids.Text, StringComparison.Ordinal);
        Assert.Contains("No byte of them is left", ids.Text, StringComparison.Ordinal);

        ConsoleAnswer unknown = await trainer.SubmitAsync(path, $"{path}-source", ("source", "node:nothing"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
        Assert.Contains("value=\"node:nothing\"", unknown.Html, StringComparison.Ordinal);
        string source = (await SmallDataset.ViewAsync(own.Relay, "gone")).Sources.Single().Name;
        ConsoleAnswer all = await trainer.SubmitAsync(path, $"{path}-source", ("source", source));
        Assert.Contains($"Deleted rows and labels of {source}: 2.", all.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await SmallDataset.ViewAsync(own.Relay, "gone")).Rows);
    }

    [Fact]
    public async Task Forget_WhileAnExportHasACopy_SaysThatBytesAreLeftAndKeepsTheIds()
    {
        await SmallDataset.CreateAsync(own.Relay, "copied");
        await SmallDataset.AddAsync(own.Relay.Admin, "copied", """{"id":"a","length":1}""");
        const string path = "/console/data/copied/forget";
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");

        ConsoleAnswer first;
        using (own.Relay.Services.GetRequiredService<TemporaryCopies>().Begin("copied"))
        {
            first = await trainer.SubmitAsync(path, path, ("ids", "a"));
        }

        Assert.Contains("Forgotten ids: 1.", first.Text, StringComparison.Ordinal);
        Assert.Contains("Bytes of them are still in files of the relay", first.Text, StringComparison.Ordinal);
        Assert.Equal("a", first.ReadTextarea());
        ConsoleAnswer again = await trainer.SubmitAsync(path, path, ("ids", "a"));
        Assert.Contains("No byte of them is left", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_Dataset_IsGone()
    {
        await SmallDataset.CreateAsync(own.Relay, "deleted");
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");

        ConsoleAnswer list = await trainer.SubmitAsync("/console/data/deleted", "/console/data/deleted/delete");

        Assert.Contains("The dataset deleted was deleted with all its rows", list.Text, StringComparison.Ordinal);
        using HttpResponseMessage gone = await own.Relay.Admin.GetAsync(Routes.DatasetOf("deleted"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Export_OfATrainer_HasTheRows()
    {
        await SmallDataset.CreateAsync(own.Relay, "exported");
        await SmallDataset.AddAsync(own.Relay.Admin, "exported", """{"id":"row-1","length":1}""");
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");

        ConsoleAnswer file = await trainer.GetAsync($"/console/files{Routes.ExportOf("exported", "csv")}");

        Assert.Equal(HttpStatusCode.OK, file.Status);
        Assert.Contains("row-1", file.Html, StringComparison.Ordinal);
    }
}
