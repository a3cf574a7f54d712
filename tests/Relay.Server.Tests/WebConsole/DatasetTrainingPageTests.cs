using System.Net.Http.Json;
using Relay.Server.Tests.Datasets;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.WebConsole;

/// <summary>What the page of a dataset says of the models that were trained from it.</summary>
public sealed class DatasetTrainingPageTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private const string Name = "trained";

    [Fact]
    public async Task Dataset_ThatAModelWasTrainedFrom_ShowsRunTriggersAndDrift()
    {
        await TrainingDataset.CreateAsync(own.Relay, Name);
        TrainingDataSource data = new() { Dataset = new DatasetRows(Name), Test = SmallModel.TestFile };
        TrainingRun run = await own.Relay.StartTrainingAsync(SmallModel.Spec(), data);
        run = await own.Relay.WaitForRunAsync(run.Id, r => r.IsFinished);
        Assert.True(run.State is TrainingRunState.Succeeded, $"{run.Problem}");
        await own.Relay.TrainSmallAsync();
        using HttpResponseMessage trigger = await own.Relay.Admin.PostAsJsonAsync(
            Routes.Triggers, new TrainingTriggerRequest(SmallModel.Name, data, new TriggerRule { NewSamples = 100 }),
            RelayApiJson.Default.TrainingTriggerRequest);
        trigger.EnsureSuccessStatusCode();
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");

        ConsoleAnswer page = await browser.GetAsync($"/console/data/{Name}");

        Assert.Contains($"Run {run.Id} of {SmallModel.Name} succeeded , version {run.Version}", page.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"/console/training/triggers?dataset={Name}\"", page.Html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/console/training?dataset={Name}\"", page.Html, StringComparison.Ordinal);
        Assert.Contains($"data-page=\"/console/data/{Name}\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(page.Html, (await browser.GetAsync($"/console/data/{Name}")).Html);
        using ConsoleBrowser trainer = await ConsoleBrowser.SignInAsAsync(own.Relay, "trainer");
        string form = $"/console/training/new?source=dataset&dataset={Name}";
        ConsoleAnswer offered = await trainer.GetAsync($"/console/data/{Name}");
        Assert.Contains($"href=\"{form.Replace("&", "&amp;", StringComparison.Ordinal)}\"", offered.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"dataset\" checked", (await trainer.GetAsync(form)).Html, StringComparison.Ordinal);
        ConsoleAnswer runs = await browser.GetAsync($"/console/training?dataset={Name}");
        Assert.Contains($"href=\"/console/training/{run.Id}\"", runs.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(SmallModel.TrainFile, runs.Text, StringComparison.Ordinal);
        Page<TrainingRun> listed = (await own.Relay.Admin.GetFromJsonAsync(
            $"{Routes.TrainingRuns}?dataset={Name}", RelayApiJson.Default.PageTrainingRun))!;
        Assert.Equal([run.Id], listed.Items.Select(item => item.Id));
        Assert.Contains($"What trains from it by itself : {SmallModel.Name}", page.Text, StringComparison.Ordinal);
        Assert.Contains("Rows 600 of 600 that there were", page.Text, StringComparison.Ordinal);
        Assert.Contains("Columns that drift most Column Index", page.Text, StringComparison.Ordinal);
        Assert.Contains("rate", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dataset_WithLabelsAndRefusedRows_ShowsBothWithTheirReasons()
    {
        await SmallDataset.CreateAsync(own.Relay, "sent");
        await SmallDataset.AddAsync(
            own.Relay.Admin, "sent", """{"id":"a","length":1,"verdict":"bad"}""", """{"id":"b","length":2,"verdict":"bad"}""",
            """{"id":"c","length":3,"verdict":"good"}""", """{"id":"d"}""");
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");

        ConsoleAnswer page = await browser.GetAsync("/console/data/sent");
        Assert.DoesNotContain("No row has the label", page.Text, StringComparison.Ordinal);

        Assert.Contains("bad 2, good 1", page.Text, StringComparison.Ordinal);
        Assert.Contains("2 times the rows of the rarest shown", page.Text, StringComparison.Ordinal);
        Assert.Contains("3 accepted", page.Text, StringComparison.Ordinal);
        Assert.Contains("a required column is empty 1", page.Text, StringComparison.Ordinal);
        using HttpResponseMessage forgotten = await own.Relay.Admin.PostAsJsonAsync(
            Routes.ForgetOf("sent"), new ForgetRequest(["c"]), RelayApiJson.Default.ForgetRequest);
        forgotten.EnsureSuccessStatusCode();
        Assert.Contains("No row has the label good", (await browser.GetAsync("/console/data/sent")).Text, StringComparison.Ordinal);
    }
}
