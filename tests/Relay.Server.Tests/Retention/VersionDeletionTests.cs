using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Models;
using Relay.Server.Repository.Publishing;
using Relay.Server.Retention;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Retention;

/// <summary>Versions that an operator deletes, and those that stay.</summary>
public sealed class VersionDeletionTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private readonly TestRelay _relay = own.Relay;

    [Fact]
    public async Task Delete_UnpublishedVersion_IsGoneWithItsTagsAndItsNumberIsNotGivenAgain()
    {
        ModelVersion version = await TrainAsync("gone", trees: 2);
        (await _relay.Admin.PutAsync($"{Routes.VersionOf("gone", 1)}/tags/stage", HttpResponses.Json("""{"value":"trial"}"""))).Dispose();

        RelayCommandRun run = await RelayCommandRun.OnAsync(_relay, "version", "delete", "gone@1");

        Assert.Equal((0, "gone 1 is deleted.\n", ""), (run.Code, run.Output, run.Error));
        using HttpResponseMessage read = await _relay.Admin.GetAsync(Routes.VersionOf("gone", 1));
        Assert.Equal("unknown-version", await read.ProblemTypeAsync(HttpStatusCode.NotFound));
        using (System.Data.Common.DbConnection database = _relay.OpenDatabase())
        {
            Assert.Equal(0, database.ExecuteScalar<long>("SELECT count(*) FROM tags WHERE model = 'gone'"));
        }

        Assert.Equal(version with { Version = 2 }, await TrainAsync("gone", trees: 2));
        Page<AuditEntry> entries = (await _relay.Admin.GetFromJsonAsync(
            $"{Routes.Audit}?action=version%20deleted", RelayApiJson.Default.PageAuditEntry))!;
        Assert.Contains(entries.Items, entry => entry.Subject == "gone 1" && entry.Details!.ContainsKey("sha256"));
        Page<WebhookEvent> events = (await _relay.Admin.GetFromJsonAsync(
            $"{Routes.WebhookEvents}?type=model_version.deleted", RelayApiJson.Default.PageWebhookEvent))!;
        Assert.Contains(events.Items, found => found.Subject == "models/gone/versions/1");
    }

    [Fact]
    public async Task Delete_RunOfTheHighestNumber_StaysSoThatTheNumberIsNotGivenAgain()
    {
        await TrainAsync("numbers", trees: 2);
        long run = await RunOfAsync("numbers", 1);
        (await _relay.Admin.DeleteAsync(Routes.VersionOf("numbers", 1))).Dispose();

        using HttpResponseMessage refused = await _relay.Admin.DeleteAsync(Routes.RunOf(run));
        ModelVersion next = await TrainAsync("numbers", trees: 3);
        using HttpResponseMessage deleted = await _relay.Admin.DeleteAsync(Routes.RunOf(run));

        Assert.Equal("run-in-use", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal(2, next.Version);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task Delete_PublishedVersion_StaysAlsoWhenNoChannelHasIt()
    {
        ModelVersion first = await TrainAsync("published", trees: 2);
        await _relay.PublishAsync("published", first);
        await _relay.PublishAsync("published", await TrainAsync("published", trees: 3));

        await AssertStaysAsync(first);
    }

    [Fact]
    public async Task Delete_VersionThatAnAliasNamedOnce_Stays()
    {
        ModelVersion version = await TrainAsync("aliased", trees: 2);
        (await _relay.Admin.PutAsync($"{Routes.ModelOf("aliased")}/aliases/champion", HttpResponses.Json("""{"version":1}"""))).Dispose();
        (await _relay.Admin.DeleteAsync($"{Routes.ModelOf("aliased")}/aliases/champion")).Dispose();

        await AssertStaysAsync(version);
    }

    [Fact]
    public async Task Delete_RevokedVersion_Stays()
    {
        ModelVersion version = await TrainAsync("revoked", trees: 2);
        (await _relay.Admin.PostAsync(Routes.RevokeOf("revoked", 1), HttpResponses.Json("""{"reason":"a test"}"""))).Dispose();

        await AssertStaysAsync(version);
    }

    [Fact]
    public async Task Delete_VersionThatARolloutNames_StaysThoughItsReleaseWasNotMade()
    {
        ModelVersion version = await TrainAsync("rolled", trees: 2);
        using (System.Data.Common.DbConnection database = _relay.OpenDatabase())
        {
            database.Execute(
                """
                INSERT INTO rollouts (channel, base_release, models, accepts_schema_change, salt, rule, state, outcome, step, percentage, started_by,
                    created_at, finished_at)
                VALUES ('rolled', 1, '[{"name":"rolled","version":1}]', FALSE, 's', '{}', '{}', 'Open', 'None', 0, 'a-test', 1, 1)
                """);
        }

        await AssertStaysAsync(version);
    }

    [Fact]
    public async Task Delete_UnknownVersionAndRun_AreNotFound()
    {
        using HttpResponseMessage version = await _relay.Admin.DeleteAsync(Routes.VersionOf("no-model", 1));
        using HttpResponseMessage run = await _relay.Admin.DeleteAsync(Routes.RunOf(9_999));

        Assert.Equal("unknown-version", await version.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-training-run", await run.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("fraud")]
    [InlineData("fraud@champion")]
    public async Task VersionDelete_WithoutANumber_IsRefused(string version)
    {
        RelayCommandRun run = await RelayCommandRun.OnAsync(_relay, "version", "delete", version);

        Assert.NotEqual(0, run.Code);
        Assert.Contains("version number", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_VersionThatWasDeletedMeanwhile_IsRefused()
    {
        ModelVersion version = await TrainAsync("raced", trees: 2);
        StoredVersion stored = _relay.Services.GetRequiredService<VersionStore>().Find("raced", 1)!;
        Server.Storage.ArtifactStore artifacts = _relay.Services.GetRequiredService<Server.Storage.ArtifactStore>();
        SignedArtifact artifact = new("raced", 1, artifacts.Read(stored.View.Sha256), artifacts.Read(stored.SignatureSha256));
        await _relay.Services.GetRequiredService<VersionDeletion>().DeleteAsync(version, "a-test", TestContext.Current.CancellationToken);

        Result<Publication, PublishRefusal> result = await _relay.Services.GetRequiredService<ReleasePublisher>()
            .PublishAsync(new([artifact], "raced"), TestContext.Current.CancellationToken);

        Assert.Equal(PublishRefusalReason.VersionDeleted, result.Refusal!.Reason);
    }

    private async Task AssertStaysAsync(ModelVersion version)
    {
        long run = await RunOfAsync(version.Name, version.Version);

        using HttpResponseMessage refused = await _relay.Admin.DeleteAsync(Routes.VersionOf(version.Name, version.Version));
        using HttpResponseMessage refusedRun = await _relay.Admin.DeleteAsync(Routes.RunOf(run));
        IReadOnlyList<ModelVersion> expired = await _relay.Services.GetRequiredService<VersionDeletion>()
            .DeleteExpiredAsync(new() { KeepVersions = 1 }, dryRun: true, TestContext.Current.CancellationToken);

        Assert.Equal("version-in-use", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal("run-in-use", await refusedRun.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.DoesNotContain(version, expired);
        (await _relay.Admin.GetAsync(Routes.VersionOf(version.Name, version.Version))).EnsureSuccessStatusCode().Dispose();
    }

    private Task<ModelVersion> TrainAsync(string model, int trees) => _relay.TrainAsync(SmallModel.Spec(model, trees), SmallModel.Data);

    private async Task<long> RunOfAsync(string model, int version) =>
        (await _relay.Admin.GetFromJsonAsync(Routes.VersionOf(model, version), RelayApiJson.Default.VersionDetail))!.Version.TrainingRun;
}
