using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Models in the console: the list, a new model, its spec, and the archive.</summary>
public sealed class ModelsTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_FilterThatNoModelMeets_SaysSoAndLeadsToAll()
    {
        await PutAsync("listed");
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);

        ConsoleAnswer all = await browser.GetAsync("/console/models?task=classification");
        ConsoleAnswer none = await browser.GetAsync("/console/models?task=scaling");

        Assert.Contains("href=\"/console/models/listed\"", all.Html, StringComparison.Ordinal);
        Assert.Contains("No model is like this. Show all models", none.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/console/models/listed\"", none.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_MoreModelsThanAPageHas_LeadsToTheNextPageWithTheFilter()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        for (int i = 0; i < 51; i++)
        {
            await PutAsync(relay, FormattableString.Invariant($"model-{i:d3}"));
        }

        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(relay);
        ConsoleAnswer first = await browser.GetAsync("/console/models?archived=all");
        ConsoleAnswer second = await browser.GetAsync("/console/models?archived=all&cursor=model-049");

        Assert.Contains("href=\"/console/models?archived=all&amp;cursor=model-049\"", first.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("model-050", first.Html, StringComparison.Ordinal);
        Assert.Contains("model-050", second.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_SpecThatIsNone_KeepsTheTextAndNamesThePath()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);

        ConsoleAnswer refused = await browser.SubmitAsync(
            "/console/new-model", "/console/new-model", ("spec", "{\"name\": \"mine\", \"task\": \"guessing\"}"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("{\"name\": \"mine\", \"task\": \"guessing\"}", WebUtility.HtmlDecode(refused.Html), StringComparison.Ordinal);
        Assert.Contains("<code>$.task</code>", refused.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/console/models/mine")).Status);
    }

    [Fact]
    public async Task Create_TextThatTheFormBeginsWith_MakesAModel()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        string text = (await browser.GetAsync("/console/new-model")).ReadTextarea();

        ConsoleAnswer made = await browser.SubmitAsync("/console/new-model", "/console/new-model", ("spec", text));

        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Contains("The model my-model is there.", made.Text, StringComparison.Ordinal);
        Assert.Contains("There is no version yet", made.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/console/training/new?model=my-model\"", made.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spec_TextOfTheForm_ChangesTheModelAndNothingElse()
    {
        await PutAsync("edited");
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        string text = (await browser.GetAsync("/console/models/edited/spec")).ReadTextarea();

        text = text.Replace("\"trees\": 5", "\"trees\": 17", StringComparison.Ordinal);
        ConsoleAnswer changed = await browser.SubmitAsync("/console/models/edited/spec", "/console/models/edited/spec", ("spec", text));

        Assert.Contains("The spec is changed.", changed.Text, StringComparison.Ordinal);
        Assert.Contains("trees 17, depth 5, seed 7", changed.Text, StringComparison.Ordinal);
        ModelView model = (await own.Relay.Admin.GetFromJsonAsync(Routes.ModelOf("edited"), RelayApiJson.Default.ModelView, Cancel))!;
        Assert.Equal(SmallModel.Spec("edited", 17).Columns, model.Spec.Columns);
    }

    [Fact]
    public async Task Spec_ThatAnotherChangedMeanwhile_IsNotOverwritten()
    {
        await PutAsync("shared");
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        ConsoleAnswer form = await browser.GetAsync("/console/models/shared/spec");
        string seen = form.Html.Split("name=\"seen\" value=\"")[1].Split('"')[0];
        using HttpResponseMessage other = await own.Relay.Admin.PutAsJsonAsync(
            Routes.ModelOf("shared"), SmallModel.Spec("shared", 9), ModelJson.Default.ModelSpec, Cancel);

        ConsoleAnswer refused = await browser.PostAsync("/console/models/shared/spec", ("spec", "{}"), ("seen", seen));

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("Somebody changed the model meanwhile.", refused.Text, StringComparison.Ordinal);
        Assert.Equal("{}", refused.ReadTextarea());
    }

    [Fact]
    public async Task Archive_AndRestore_ChangeWhatThePageOffers()
    {
        await PutAsync("old");
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);

        ConsoleAnswer archived = await browser.SubmitAsync("/console/models/old", "/console/models/old/archive");
        ConsoleAnswer list = await browser.GetAsync("/console/models");
        ConsoleAnswer restored = await browser.SubmitAsync("/console/models/old", "/console/models/old/restore");

        Assert.DoesNotContain("Start a training run", archived.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/console/models/old\"", list.Html, StringComparison.Ordinal);
        Assert.Contains("Start a training run", restored.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_OfAnAuditor_OfferNoChange()
    {
        await PutAsync("read");
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");

        foreach (string page in new[] { "", "/read", "/read/annotations", "/read/import", "/read/spec" })
        {
            ConsoleAnswer answer = await browser.GetAsync($"/console/models{page}");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal(1, answer.Html.Split("method=\"post\"").Length - 1);
            Assert.DoesNotContain("href=\"/console/new-model\"", answer.Html, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("<textarea", (await browser.GetAsync("/console/new-model")).Html, StringComparison.Ordinal);
        ConsoleAnswer refused = await browser.PostAsync("/console/models/read/archive");
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
    }

    private Task PutAsync(string name) => PutAsync(own.Relay, name);

    private static async Task PutAsync(TestRelay relay, string name)
    {
        using HttpResponseMessage put = await relay.Admin.PutAsJsonAsync(
            Routes.ModelOf(name), SmallModel.Spec(name), ModelJson.Default.ModelSpec, Cancel);
        put.EnsureSuccessStatusCode();
    }
}
