using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Storage;
using Relay.Server.Tests.Datasets;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.WebConsole;

/// <summary>What the first page says is wrong.</summary>
public sealed class HomePageTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task Home_NodeOnAChannelThatTheRelayDoesNotHave_SaysHowManyThereAre()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");
        const string Said = "1 node follows a channel that this relay does not have";
        Assert.DoesNotContain(Said, (await browser.GetAsync("/console")).Text, StringComparison.Ordinal);

        using HttpResponseMessage reported = await own.Relay.Anonymous.PostAsJsonAsync(
            Routes.CheckInsOf("lost"), Reports.Valid("lost") with { Channel = "stabel" }, RelayApiJson.Default.CheckIn);
        reported.EnsureSuccessStatusCode();

        await Eventually.GetAsync(
            async () => (await browser.GetAsync("/console")).Text, text => text.Contains(Said, StringComparison.Ordinal), "the first page says so");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Home_RunThatATriggerStarted_NamesTheDatasetWhereItDrifted(bool drifted)
    {
        string dataset = drifted ? "moving" : "growing";
        await TrainingDataset.CreateAsync(own.Relay, dataset);
        await own.Relay.TrainSmallAsync();
        TrainingDataSource data = new() { Dataset = new DatasetRows(dataset), Test = SmallModel.TestFile };
        TriggerRule rule = drifted ? new TriggerRule { Drift = 0.25 } : new TriggerRule { NewSamples = 100 };
        using HttpResponseMessage created = await own.Relay.Admin.PostAsJsonAsync(
            Routes.Triggers, new TrainingTriggerRequest(SmallModel.Name, data, rule), RelayApiJson.Default.TrainingTriggerRequest);
        created.EnsureSuccessStatusCode();
        TrainingTriggerView trigger = (await created.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingTriggerView))!;
        TrainingRun run = await own.Relay.StartTrainingAsync(SmallModel.Spec(), data);
        own.Relay.Services.GetRequiredService<RelayDatabase>().Write((connection, transaction) => connection.Execute(
            "UPDATE training_runs SET trigger = @trigger WHERE id = @run", new { trigger = trigger.Id, run = run.Id }, transaction));
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");

        ConsoleAnswer home = await browser.GetAsync("/console");

        string said = $"Samples of {dataset} drifted by more than 0.25: run {run.Id} trains {SmallModel.Name} again";
        Assert.Equal(drifted, home.Text.Contains(said, StringComparison.Ordinal));
        Assert.Equal(drifted, home.Text.Contains($"Samples of {dataset}", StringComparison.Ordinal));
    }
}
