using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Retraining;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Models;

public sealed class ModelArchiveTests : IAsyncLifetime
{
    private TestRelay _relay = null!;
    private ModelVersion _version = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _version = await _relay.TrainSmallAsync(trees: 2);
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Archive_ThenRestore_TakesTheModelOutOfListsAndBack()
    {
        ModelView archived = await ReadAsync(await PostAsync(Routes.ArchiveOf("small")));
        ModelView again = await ReadAsync(await PostAsync(Routes.ArchiveOf("small")));
        string[] listed = await ListAsync("");
        string[] alone = await ListAsync("?archived=true");
        string[] all = await ListAsync("?archived=all");
        VersionDetail detail = (await _relay.Admin.GetFromJsonAsync(Routes.VersionOf("small", 1), RelayApiJson.Default.VersionDetail))!;
        byte[] file = await _relay.Admin.GetByteArrayAsync($"{Routes.FilesOf("small", 1)}/model.onnx");
        ModelView restored = await ReadAsync(await PostAsync(Routes.RestoreOf("small")));
        (await PostAsync(Routes.RestoreOf("small"))).Dispose();
        string[] listedAgain = await ListAsync("");
        Page<WebhookEvent> events = (await _relay.Admin.GetFromJsonAsync(Routes.WebhookEvents, RelayApiJson.Default.PageWebhookEvent))!;

        Assert.NotNull(archived.ArchivedAt);
        Assert.Equal(archived.ArchivedAt, again.ArchivedAt);
        Assert.Empty(listed);
        Assert.Equal(["small"], alone);
        Assert.Equal(["small"], all);
        Assert.Equal((1, detail.Version.SizeBytes), (detail.Version.Version, file.LongLength));
        Assert.Null(restored.ArchivedAt);
        Assert.Equal(["small"], listedAgain);
        Assert.Empty(await ListAsync("?archived=true"));
        Assert.Equal(
            ["relay.model.archived", "relay.model.restored"],
            events.Items.Where(found => found.Subject == "models/small").Select(found => found.Type));
    }

    [Fact]
    public async Task Archived_TakesNoTrainingNoReleaseAndNoSpec()
    {
        (await PostAsync(Routes.ArchiveOf("small"))).Dispose();

        using HttpResponseMessage run = await _relay.Admin.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest("small", SmallModel.Data), RelayApiJson.Default.TrainingRunRequest);
        using HttpResponseMessage import = await _relay.Admin.PostAsync(
            $"{Routes.ImportOf("small")}?file=a.onnx&test={SmallModel.TestFile}",
            new ByteArrayContent([1]) { Headers = { ContentType = new("application/octet-stream") } });
        using HttpResponseMessage trigger = await _relay.Admin.PostAsJsonAsync(
            Routes.Triggers, new TrainingTriggerRequest("small", SmallModel.Data, new TriggerRule { DailyAt = new TimeOnly(3, 0) }),
            RelayApiJson.Default.TrainingTriggerRequest);
        using HttpResponseMessage release = await ReleaseAsync("stable");
        using HttpResponseMessage spec = await _relay.Admin.PutAsJsonAsync(
            Routes.ModelOf("small"), SmallModel.Spec(trees: 9), Shared.Contracts.Models.ModelJson.Default.ModelSpec);

        foreach (HttpResponseMessage refused in (HttpResponseMessage[])[run, import, trigger, release, spec])
        {
            Assert.Equal("model-archived", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
        }
    }

    [Fact]
    public async Task Archive_ModelThatChannelsName_IsRefusedWithTheirNames()
    {
        await _relay.PublishAsync("stable", _version);
        await _relay.PublishAsync("beta", _version);

        using HttpResponseMessage refused = await PostAsync(Routes.ArchiveOf("small"));
        using JsonDocument problem = await refused.ProblemAsync(HttpStatusCode.Conflict);
        string[] channels = [.. problem.RootElement.GetProperty("channels").EnumerateArray().Select(channel => channel.GetString()!)];
        (await _relay.Admin.DeleteAsync(Routes.ChannelOf("stable"))).EnsureSuccessStatusCode();
        (await _relay.Admin.DeleteAsync(Routes.ChannelOf("beta"))).EnsureSuccessStatusCode();
        using HttpResponseMessage archived = await PostAsync(Routes.ArchiveOf("small"));
        using HttpResponseMessage back = await _relay.Admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Release = 1, NewChannel = true }, RelayApiJson.Default.ReleaseRequest);

        Assert.Equal("urn:relay:problem:model-in-channels", problem.RootElement.GetProperty("type").GetString());
        Assert.Equal(["beta", "stable"], channels);
        Assert.Equal(HttpStatusCode.OK, archived.StatusCode);
        Assert.Equal("model-archived", await back.ProblemTypeAsync(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Archive_ModelWithAnUnfinishedRun_IsRefusedAndTakesNoneAfterwards()
    {
        using (var connection = _relay.OpenDatabase())
        {
            connection.Execute(
                "INSERT INTO training_runs (id, model, spec, data, state, created_at) VALUES (70, 'small', '{}', '{}', 'running', 0)");
        }

        using HttpResponseMessage refused = await PostAsync(Routes.ArchiveOf("small"));
        using JsonDocument problem = await refused.ProblemAsync(HttpStatusCode.Conflict);

        Assert.Equal("urn:relay:problem:training-unfinished", problem.RootElement.GetProperty("type").GetString());
        Assert.Equal([70], problem.RootElement.GetProperty("runs").EnumerateArray().Select(run => run.GetInt64()));
    }

    [Fact]
    public async Task Archived_TriggerThatIsDue_StartsNothing()
    {
        TriggerStore triggers = _relay.Services.GetRequiredService<TriggerStore>();
        TrainingTriggerView made = triggers.Add(new("small", SmallModel.Data, new TriggerRule { DailyAt = new TimeOnly(3, 0) }), 0, null)!;
        (await PostAsync(Routes.ArchiveOf("small"))).Dispose();

        TrainingRun? archived = triggers.Fire(triggers.Find(made.Id)!, 1, SmallModel.Spec(), SmallModel.Data);
        (await PostAsync(Routes.RestoreOf("small"))).Dispose();
        TrainingRun? restored = triggers.Fire(triggers.Find(made.Id)!, 1, SmallModel.Spec(), SmallModel.Data);

        Assert.Null(archived);
        Assert.NotNull(restored);
    }

    [Fact]
    public async Task Requests_OfUnknownModelsAndWords_SaySo()
    {
        using HttpResponseMessage archive = await PostAsync(Routes.ArchiveOf("unknown"));
        using HttpResponseMessage restore = await PostAsync(Routes.RestoreOf("unknown"));
        using HttpResponseMessage list = await _relay.Admin.GetAsync($"{Routes.Models}?archived=yes");

        Assert.Equal("unknown-model", await archive.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-model", await restore.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("invalid-filter", await list.ProblemTypeAsync(HttpStatusCode.BadRequest));
    }

    /// <summary>Whichever of the two comes first, no channel ever names an archived model.</summary>
    [Fact]
    public async Task Archive_WhileItIsPublished_NeverLeavesAChannelWithAnArchivedModel()
    {
        for (int i = 0; i < 6; i++)
        {
            string channel = $"race-{i}";
            HttpResponseMessage[] answers = await Task.WhenAll(
                ReleaseAsync(channel), PostAsync(Routes.ArchiveOf("small")), ReleaseAsync($"{channel}-b"));
            bool isArchived = _relay.Services.GetRequiredService<ModelStore>().Find("small")!.ArchivedAt is not null;
            RepositorySnapshot snapshot = _relay.Services.GetRequiredService<RepositoryCache>().Read();

            Assert.Equal(!isArchived, snapshot.Channels.ContainsKey(channel) || snapshot.Channels.ContainsKey($"{channel}-b"));
            Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict));
            (await PostAsync(Routes.RestoreOf("small"))).Dispose();
            foreach (string made in snapshot.Channels.Keys)
            {
                (await _relay.Admin.DeleteAsync(Routes.ChannelOf(made))).EnsureSuccessStatusCode();
            }
        }
    }

    /// <summary>The lock of the repository keeps the two apart: a publication that holds it is seen whole or not at all.</summary>
    [Fact]
    public async Task Archive_WhileAnotherHoldsTheRepository_Waits()
    {
        using RepositoryTransaction held =
            await _relay.Services.GetRequiredService<TufRepository>().BeginAsync(TestContext.Current.CancellationToken);
        Task<HttpResponseMessage> archive = PostAsync(Routes.ArchiveOf("small"));

        Assert.NotSame(archive, await Task.WhenAny(archive, Task.Delay(100, TestContext.Current.CancellationToken)));
        held.Dispose();
        using HttpResponseMessage archived = await archive;
        Assert.Equal(HttpStatusCode.OK, archived.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(string path) => _relay.Admin.PostAsync(path, null);

    private Task<HttpResponseMessage> ReleaseAsync(string channel) => _relay.Admin.PostAsJsonAsync(
        Routes.ReleaseOf(channel), new ReleaseRequest { Models = [_version], NewChannel = true }, RelayApiJson.Default.ReleaseRequest);

    private async Task<string[]> ListAsync(string query) =>
        [.. (await _relay.Admin.GetFromJsonAsync(Routes.Models + query, RelayApiJson.Default.PageModelView))!.Items.Select(model => model.Name)];

    private static async Task<ModelView> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ModelView))!;
        }
    }
}
