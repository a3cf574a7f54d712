using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

/// <summary>What lists answer with filters: of each filter, one that keeps an item and one that leaves it out.</summary>
public sealed class ListFilterAnswerTests(FilledRelay fixture) : IClassFixture<FilledRelay>
{
    [Theory]
    [InlineData("task=classification", "small")]
    [InlineData("task=regression")]
    [InlineData("task=classification&limit=1", "small")]
    public Task Models(string query, params string[] expected) =>
        ExpectAsync(Routes.Models, query, RelayApiJson.Default.PageModelView, model => model.Name, expected);

    [Theory]
    [InlineData("state=published", "1")]
    [InlineData("state=unpublished", "3")]
    [InlineData("state=revoked", "2")]
    [InlineData("since=2020-01-01T00:00:00Z", "3", "2", "1")]
    [InlineData("until=2020-01-01T00:00:00Z")]
    public async Task Versions(string query, params string[] expected)
    {
        await ExpectAsync(
            Routes.VersionsOf("small"), query, RelayApiJson.Default.PageVersionView, version => Text(version.Version), expected);
        foreach (string version in expected)
        {
            VersionDetail detail = (await fixture.Relay.Admin.GetFromJsonAsync(
                Routes.VersionOf("small", int.Parse(version, CultureInfo.InvariantCulture)), RelayApiJson.Default.VersionDetail))!;
            Assert.Equal(version switch { "1" => "published", "2" => "revoked", _ => "unpublished" }, detail.Version.State);
        }
    }

    [Theory]
    [InlineData("model=small&state=succeeded", "3", "2", "1")]
    [InlineData("model=other")]
    [InlineData("state=failed", "9")]
    [InlineData("dataset=requests", "9")]
    [InlineData("dataset=other")]
    [InlineData("since=2020-01-01T00:00:00Z&until=2021-01-01T00:00:00Z")]
    [InlineData("until=2020-01-01T00:00:00Z", "9")]
    public Task Runs(string query, params string[] expected) =>
        ExpectAsync(Routes.TrainingRuns, query, RelayApiJson.Default.PageTrainingRun, run => Text(run.Id), expected);

    [Theory]
    [InlineData("channel=stable", "n1", "n3")]
    [InlineData("prefix=n", "n1", "n2", "n3")]
    [InlineData("prefix=n2", "n2")]
    [InlineData("prefix=N")]
    [InlineData("prefix=n&channel=beta", "n2")]
    [InlineData("channel=beta", "n2")]
    [InlineData("release=2", "n2")]
    [InlineData("model=other", "n3")]
    [InlineData("model=other&version=1", "n3")]
    [InlineData("model=other&version=2")]
    [InlineData("quarantined=true", "n1", "n2", "n3")]
    [InlineData("quarantined=false")]
    [InlineData("refusing=true&channel=beta", "n2")]
    [InlineData("refusing=false")]
    [InlineData("stale=true", "n3")]
    [InlineData("stale=false&channel=stable", "n1")]
    [InlineData("banned=true")]
    [InlineData("banned=false", "n1", "n2", "n3")]
    [InlineData("seenSince=2020-01-01T00:00:00Z", "n1", "n2", "n3")]
    [InlineData("notSeenSince=2020-01-01T00:00:00Z")]
    [InlineData("channel=stable&limit=1", "n1", "n3")]
    public Task Nodes(string query, params string[] expected) =>
        ExpectAsync(Routes.Nodes, query, RelayApiJson.Default.PageNodeView, node => node.Id, expected);

    [Theory]
    [InlineData("model=small", "stable")]
    [InlineData("model=other")]
    public Task Channels(string query, params string[] expected) =>
        ExpectAsync(Routes.Channels, query, RelayApiJson.Default.PageChannelView, channel => channel.Channel, expected);

    [Theory]
    [InlineData("model=small", "1")]
    [InlineData("model=other")]
    [InlineData("until=2020-01-01T00:00:00Z")]
    [InlineData("since=2020-01-01T00:00:00Z", "1")]
    public Task Releases(string query, params string[] expected) =>
        ExpectAsync(Routes.Releases, query, RelayApiJson.Default.PageReleaseView, release => Text(release.Release), expected);

    [Theory]
    [InlineData("model=small", "2")]
    [InlineData("model=other")]
    public Task Revocations(string query, params string[] expected) =>
        ExpectAsync(Routes.Revocations, query, RelayApiJson.Default.PageRevocationView, revoked => Text(revoked.Version), expected);

    [Theory]
    [InlineData("role=auditor&state=valid&owner=ada", "one")]
    [InlineData("role=trainer")]
    [InlineData("state=expired")]
    [InlineData("owner=grace")]
    public Task ApiKeys(string query, params string[] expected) =>
        ExpectAsync(Routes.ApiKeys, query, RelayApiJson.Default.PageApiKeyView, key => key.Name, expected);

    [Theory]
    [InlineData("usable=true", "good")]
    [InlineData("usable=false", "ended")]
    public Task EnrollmentTokens(string query, params string[] expected) =>
        ExpectAsync(Routes.EnrollmentTokens, query, RelayApiJson.Default.PageEnrollmentTokenView, token => token.Name, expected);

    [Theory]
    [InlineData("event=key.due", "first")]
    [InlineData("event=node.banned")]
    [InlineData("state=active&limit=1", "first", "second")]
    [InlineData("state=paused")]
    public Task Webhooks(string query, params string[] expected) =>
        ExpectAsync(Routes.Webhooks, query, RelayApiJson.Default.PageWebhookView, webhook => webhook.Name, expected);

    [Theory]
    [InlineData("type=model_version.revoked", "models/small/versions/2")]
    [InlineData("type=node.banned")]
    [InlineData("type=model_version.created&since=9000-01-01T00:00:00Z")]
    [InlineData("type=model_version.created&limit=1", "models/small/versions/1", "models/small/versions/2", "models/small/versions/3")]
    public Task WebhookEvents(string query, params string[] expected) =>
        ExpectAsync(Routes.WebhookEvents, query, RelayApiJson.Default.PageWebhookEvent, found => found.Subject, expected);

    [Theory]
    [InlineData("version=1", "champion")]
    [InlineData("version=2")]
    public Task Aliases(string query, params string[] expected) =>
        ExpectAsync(Routes.AliasesOf("small"), query, RelayApiJson.Default.PageAliasView, alias => alias.Alias, expected);

    [Theory]
    [InlineData("name=eques", "requests")]
    [InlineData("name=other")]
    public Task Datasets(string query, params string[] expected) =>
        ExpectAsync(Routes.Datasets, query, RelayApiJson.Default.PageDatasetView, dataset => dataset.Name, expected);

    [Theory]
    [InlineData("model=small&paused=false&limit=1", "1", "3")]
    [InlineData("paused=true", "2")]
    [InlineData("model=other")]
    [InlineData("dataset=requests")]
    public Task Triggers(string query, params string[] expected) =>
        ExpectAsync(Routes.Triggers, query, RelayApiJson.Default.PageTrainingTriggerView, trigger => Text(trigger.Id), expected);

    [Theory]
    [InlineData("channel=stable&status=running&since=2020-01-01T00:00:00Z&until=9000-01-01T00:00:00Z")]
    public Task Rollouts(string query, params string[] expected) =>
        ExpectAsync(Routes.Rollouts, query, RelayApiJson.Default.PageRolloutView, rollout => Text(rollout.Id), expected);

    [Theory]
    [InlineData("channel=stable")]
    public Task Pending(string query, params string[] expected) =>
        ExpectAsync(Routes.Pending, query, RelayApiJson.Default.PagePendingView, pending => pending.Id, expected);

    [Fact]
    public async Task ReportsOfANode_ByPages_AreAllOnce()
    {
        string path = Routes.CheckInsOf("n1");
        string[] whole = await ReadAsync(path, "", RelayApiJson.Default.PageNodeView, node => $"{node.CheckIn.At:O}");
        string[] paged = await ReadAsync(path, "limit=1", RelayApiJson.Default.PageNodeView, node => $"{node.CheckIn.At:O}");

        Assert.Equal(2, whole.Length);
        Assert.Equal(whole, paged);
    }

    private async Task ExpectAsync<T>(string path, string query, JsonTypeInfo<Page<T>> type, Func<T, string> key, string[] expected) =>
        Assert.Equal(expected, await ReadAsync(path, query, type, key));

    private async Task<string[]> ReadAsync<T>(string path, string query, JsonTypeInfo<Page<T>> type, Func<T, string> key)
    {
        List<string> found = [];
        string? cursor = "";
        do
        {
            Page<T> page = (await fixture.Relay.Admin.GetFromJsonAsync($"{path}?{query}{cursor}", type))!;
            found.AddRange(page.Items.Select(key));
            cursor = page.Next is null ? null : $"&cursor={Uri.EscapeDataString(page.Next)}";
        }
        while (cursor is not null);
        return [.. found];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
