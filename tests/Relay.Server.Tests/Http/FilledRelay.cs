using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Relay.Server.Tests.Datasets;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

/// <summary>A relay with one of each, and with one that differs.</summary>
public sealed class FilledRelay : IAsyncLifetime
{
    public TestRelay Relay { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Relay = await TestRelay.StartAsync();
        ModelVersion first = await Relay.TrainSmallAsync(trees: 2);
        await Relay.TrainSmallAsync(trees: 3);
        await Relay.TrainSmallAsync(trees: 4);
        await Relay.PublishAsync("stable", first);
        await PostAsync(Routes.RevokeOf("small", 2), new RevocationRequest(), RelayApiJson.Default.RevocationRequest);
        await PostAsync(Routes.ApiKeys, new ApiKeyRequest("one", "auditor") { Owner = "ada" }, RelayApiJson.Default.ApiKeyRequest);
        await PostAsync(
            Routes.EnrollmentTokens, new EnrollmentTokenRequest { Name = "good" }, RelayApiJson.Default.EnrollmentTokenRequest);
        await PostAsync(
            Routes.EnrollmentTokens, new EnrollmentTokenRequest { Name = "ended" }, RelayApiJson.Default.EnrollmentTokenRequest);
        (await Relay.Admin.DeleteAsync($"{Routes.EnrollmentTokens}/2")).EnsureSuccessStatusCode();
        await PostAsync(
            Routes.Webhooks, new WebhookRequest("https://example.com/1", ["key.due"], "first"), RelayApiJson.Default.WebhookRequest);
        await PostAsync(
            Routes.Webhooks, new WebhookRequest("https://example.com/2", ["rollout.halted"], "second"), RelayApiJson.Default.WebhookRequest);
        (await Relay.Admin.PutAsJsonAsync(Routes.AliasOf("small", "champion"), new AliasRequest(1), RelayApiJson.Default.AliasRequest))
            .EnsureSuccessStatusCode();
        await SmallDataset.CreateAsync(Relay, "requests");
        for (int i = 0; i < 3; i++)
        {
            await PostAsync(
                Routes.Triggers, new TrainingTriggerRequest("small", SmallModel.Data, new TriggerRule { DailyAt = new TimeOnly(3, 0) }),
                RelayApiJson.Default.TrainingTriggerRequest);
        }

        (await Relay.Admin.PostAsync(Routes.TriggerOf(2) + "/pause", null)).EnsureSuccessStatusCode();
        ActiveModel other = Reports.Valid("n3").Models.FirstOrDefault() ?? new("other", 1, Reports.Sha256, "managed", 1, 1);
        await ReportAsync(Reports.Valid("n1") with { Channel = "stable", Release = 1, Models = [] });
        await ReportAsync(Reports.Valid("n1") with { Channel = "stable", Release = 1, Models = [], At = DateTimeOffset.UnixEpoch.AddYears(50) });
        await ReportAsync(Reports.Valid("n2") with { Channel = "beta", Release = 2, Models = [] });
        await ReportAsync(Reports.Valid("n3") with { Channel = "stable", Release = 1, Stale = true, Models = [other with { Name = "other" }] });
        using var connection = Relay.OpenDatabase();
        connection.Execute(
            """
            INSERT INTO training_runs (id, model, spec, data, state, created_at)
            VALUES (9, 'small', '{}', '{"dataset":{"name":"requests"}}', 'failed', 1)
            """);
    }

    public ValueTask DisposeAsync() => Relay.DisposeAsync();

    private Task ReportAsync(CheckIn report) => PostAsync(Routes.CheckInsOf(report.Node), report, RelayApiJson.Default.CheckIn);

    private async Task PostAsync<T>(string path, T body, JsonTypeInfo<T> type) =>
        (await Relay.Admin.PostAsJsonAsync(path, body, type)).EnsureSuccessStatusCode();
}
