using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Training in the console.</summary>
public sealed class TrainingPagesTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private const string New = "/console/training/new";

    [Fact]
    public async Task Start_FilesOfTheRelay_TrainsAndShowsGatesAndVersion()
    {
        await CreateModelAsync();
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");
        ConsoleAnswer started = await trainer.SubmitAsync(
            New, New, ("model", SmallModel.Name), ("source", "files"), ("train", SmallModel.TrainFile), ("test", SmallModel.TestFile));
        Assert.Equal(HttpStatusCode.OK, started.Status);
        Assert.Contains("is queued", started.Text, StringComparison.Ordinal);
        string path = started.Html.Split("data-page=\"")[1].Split('"')[0];

        ConsoleAnswer ended = await Eventually.GetAsync(
            () => trainer.GetAsync(path), page => page.Text.Contains("succeeded", StringComparison.Ordinal), "the run ends");
        Assert.Contains("It made version", ended.Text, StringComparison.Ordinal);
        Assert.Contains("golden-vectors", ended.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Cancel the run", ended.Text, StringComparison.Ordinal);

        Assert.Contains("5 of 5 trees in ", ended.Text, StringComparison.Ordinal);
        Assert.Contains("There is no validation loss", ended.Text, StringComparison.Ordinal);
        Assert.Contains("Made version ", ended.Text, StringComparison.Ordinal);
        string run = path.Split('/')[^1];
        Assert.Contains($"href=\"/console/files{Routes.LogOf(long.Parse(run))}\" download=\"run-{run}.log\"", ended.Html, StringComparison.Ordinal);
        ConsoleAnswer log = await trainer.GetAsync($"/console/files{Routes.LogOf(long.Parse(run))}");
        Assert.Contains("Made version ", log.Html, StringComparison.Ordinal);

        ConsoleAnswer compared = await trainer.GetAsync($"/console/training/compare?run={path.Split('/')[^1]}");
        Assert.Contains("Held-out rows", compared.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FileThatIsNotThere_SaysWhereAndKeepsTheForm()
    {
        await CreateModelAsync();
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");
        ConsoleAnswer refused = await trainer.SubmitAsync(New, New, ("model", SmallModel.Name), ("source", "files"), ("train", "nothing.csv"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("$.data.train", refused.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"nothing.csv\"", refused.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AfterALink_HasTheRowsOfTheRunOrOfTheDataset()
    {
        await CreateModelAsync();
        TrainingRun run = await own.Relay.StartTrainingAsync(SmallModel.Spec(), SmallModel.Data);
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");
        const string Link = $"{New}?model={SmallModel.Name}&source=files&train={SmallModel.TrainFile}&test={SmallModel.TestFile}";

        ConsoleAnswer page = await trainer.GetAsync($"/console/training/{run.Id}");
        ConsoleAnswer form = await trainer.GetAsync(Link);
        ConsoleAnswer simulated = await trainer.GetAsync($"{New}?source=simulator&requests=6000&seed=9");

        Assert.Contains($"href=\"{Link.Replace("&", "&amp;", StringComparison.Ordinal)}\"", page.Html, StringComparison.Ordinal);
        Assert.Contains($"name=\"train\" value=\"{SmallModel.TrainFile}\"", form.Html, StringComparison.Ordinal);
        Assert.Contains($"name=\"test\" value=\"{SmallModel.TestFile}\"", form.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"simulator\" checked", simulated.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"6000\"", simulated.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trigger_MadePausedAndDeleted_IsListedAsItIs()
    {
        await CreateModelAsync();
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");
        ConsoleAnswer made = await trainer.SubmitAsync(
            New, New, ("model", SmallModel.Name), ("source", "files"), ("train", SmallModel.TrainFile), ("when", "daily"), ("dailyAt", "04:30"));
        Assert.Contains("each day at 04:30 UTC", made.Text, StringComparison.Ordinal);
        Assert.Contains("04:30 UTC", (await trainer.GetAsync("/console/training/triggers?model=small&paused=false")).Text, StringComparison.Ordinal);
        ConsoleAnswer none = await trainer.GetAsync("/console/training/triggers?dataset=other");
        Assert.Contains("Nothing of this kind trains by itself", none.Text, StringComparison.Ordinal);

        TrainingTriggerView trigger = (await own.Relay.Admin.GetFromJsonAsync(
            Routes.Triggers, RelayApiJson.Default.PageTrainingTriggerView))!.Items.Single();
        string path = $"/console/training/triggers/{trigger.Id}";
        Assert.Contains("paused", (await trainer.SubmitAsync("/console/training/triggers", $"{path}/pause")).Text, StringComparison.Ordinal);
        ConsoleAnswer deleted = await trainer.SubmitAsync("/console/training/triggers", $"{path}/delete");
        Assert.Contains("Nothing trains by itself", deleted.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_ForAnAuditor_OfferNoChange()
    {
        using ConsoleBrowser auditor = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");
        Assert.DoesNotContain("Start a training run", (await auditor.GetAsync("/console/training")).Text, StringComparison.Ordinal);
        Assert.Contains("Your role does not start runs", (await auditor.GetAsync(New)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("API keys", (await auditor.GetAsync("/console/settings")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.GetAsync("/console/settings/api-keys")).Status);
    }

    private async Task CreateModelAsync()
    {
        using HttpResponseMessage put = await own.Relay.Admin.PutAsJsonAsync(
            Routes.ModelOf(SmallModel.Name), SmallModel.Spec(trees: 5), ModelJson.Default.ModelSpec);
        put.EnsureSuccessStatusCode();
    }
}
