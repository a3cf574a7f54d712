using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Tags and notes in the console.</summary>
public sealed class AnnotationsTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Annotations_TagAndNote_AreShownAndFilterTheList()
    {
        await PutAsync("noted");
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        const string Page = "/console/models/noted/annotations";

        await browser.SubmitAsync(Page, $"{Page}/tags", ("key", "team"), ("value", "<fraud>"));
        ConsoleAnswer saved = await browser.SubmitAsync(Page, $"{Page}/note", ("note", "First line\r\n<b>second</b>"));
        ConsoleAnswer model = await browser.GetAsync("/console/models/noted");
        ConsoleAnswer filtered = await browser.GetAsync("/console/models?tag=team%3D%3Cfraud%3E");

        Assert.Contains("The note is saved.", saved.Text, StringComparison.Ordinal);
        Assert.Contains("First line\n<b>second</b>", WebUtility.HtmlDecode(model.Html), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>second</b>", model.Html, StringComparison.Ordinal);
        Assert.Contains("team=&lt;fraud&gt;", model.Html, StringComparison.Ordinal);
        Assert.Contains("href=\"/console/models/noted\"", filtered.Html, StringComparison.Ordinal);

        await browser.SubmitAsync(Page, $"{Page}/tags/team/delete");
        ConsoleAnswer empty = await browser.SubmitAsync(Page, $"{Page}/note", ("note", " "));
        Assert.Contains("There is no note now.", empty.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("fraud", empty.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Note_ThatAnotherWroteMeanwhile_IsNotOverwritten()
    {
        await PutAsync("discussed");
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        const string Page = "/console/models/discussed/annotations";
        await browser.SubmitAsync(Page, $"{Page}/note", ("note", "theirs"), ("seen", "none"));

        ConsoleAnswer refused = await browser.SubmitAsync(Page, $"{Page}/note", ("note", "mine"), ("seen", "none"));

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal("mine", refused.ReadTextarea());
        Assert.Contains("theirs", (await browser.GetAsync("/console/models/discussed")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Annotations_TagThatIsRefused_KeepsWhatWasTyped()
    {
        await PutAsync("refused");
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        const string Page = "/console/models/refused/annotations";

        ConsoleAnswer refused = await browser.SubmitAsync(Page, $"{Page}/tags", ("key", "no key"), ("value", "kept"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("value=\"no key\"", refused.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"kept\"", refused.Html, StringComparison.Ordinal);
    }

    private async Task PutAsync(string name)
    {
        using HttpResponseMessage put = await own.Relay.Admin.PutAsJsonAsync(
            Routes.ModelOf(name), SmallModel.Spec(name), ModelJson.Default.ModelSpec, Cancel);
        put.EnsureSuccessStatusCode();
    }
}
