using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Models.Annotations;

public sealed class TagEndpointsTests : IAsyncLifetime
{
    private TestRelay _relay = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        await _relay.TrainSmallAsync(trees: 2);
        await _relay.TrainSmallAsync(trees: 3);
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Set_OfModelAndVersion_ShowsInListsAndDetailsAndNowhereElse()
    {
        byte[] card = await _relay.Admin.GetByteArrayAsync(Routes.CardOf(SmallModel.Name, 1, "json"));
        using HttpResponseMessage ofModel = await SetAsync(null, "team", "payments");
        using HttpResponseMessage first = await SetAsync(1, "stage", "trial");
        using HttpResponseMessage second = await SetAsync(1, "stage", "");
        Page<TagView> listed = await ReadAsync(Routes.TagsOf(SmallModel.Name, 1), RelayApiJson.Default.PageTagView);
        ModelView model = await ReadAsync(Routes.ModelOf(SmallModel.Name), RelayApiJson.Default.ModelView);
        Page<VersionView> versions = await ReadAsync(Routes.VersionsOf(SmallModel.Name), RelayApiJson.Default.PageVersionView);
        VersionDetail detail = await ReadAsync(Routes.VersionOf(SmallModel.Name, 1), RelayApiJson.Default.VersionDetail);

        Assert.All([ofModel, first, second], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        TagView tag = Assert.Single(listed.Items);
        Assert.Equal(("stage", "", true), (tag.Key, tag.Value, tag.SetBy is not null));
        Assert.Equal("payments", Assert.Single(model.Tags).Value);
        Assert.Equal([0, 1], versions.Items.Select(version => version.Tags.Count));
        Assert.Equal("", detail.Version.Tags["stage"]);
        Assert.Equal(card, await _relay.Admin.GetByteArrayAsync(Routes.CardOf(SmallModel.Name, 1, "json")));
    }

    [Fact]
    public async Task Delete_TagThatIsThere_IsGoneAndThenUnknown()
    {
        await SetAsync(1, "stage", "trial");

        using HttpResponseMessage deleted = await _relay.Admin.DeleteAsync(Routes.TagOf(SmallModel.Name, 1, "stage"));
        using HttpResponseMessage again = await _relay.Admin.DeleteAsync(Routes.TagOf(SmallModel.Name, 1, "stage"));
        using HttpResponseMessage ofModel = await _relay.Admin.DeleteAsync(Routes.TagOf(SmallModel.Name, null, "stage"));

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("unknown-tag", await again.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-tag", await ofModel.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("tag=stage", 2, 1)]
    [InlineData("tag=stage=trial", 1)]
    [InlineData("tag=stage=TRIAL")]
    [InlineData("tag=stage&tag=reviewed=yes=really", 2)]
    [InlineData("tag=stage=", 2)]
    [InlineData("tag=team")]
    public async Task List_ByTags_HasTheVersionsWithEachOfThem(string query, params int[] expected)
    {
        await SetAsync(null, "team", "payments");
        await SetAsync(1, "stage", "trial");
        await SetAsync(2, "stage", "");
        await SetAsync(2, "reviewed", "yes=really");

        Page<VersionView> found = await ReadAsync($"{Routes.VersionsOf(SmallModel.Name)}?{query}", RelayApiJson.Default.PageVersionView);

        Assert.Equal(expected, found.Items.Select(version => version.Version));
    }

    [Theory]
    [InlineData("tag=team", true)]
    [InlineData("tag=team=payments", true)]
    [InlineData("tag=team=billing", false)]
    [InlineData("tag=stage", false)]
    public async Task List_OfModelsByTags_HasThoseThatHaveThem(string query, bool isListed)
    {
        await SetAsync(null, "team", "payments");
        await SetAsync(1, "stage", "trial");

        Page<ModelView> found = await ReadAsync($"{Routes.Models}?{query}", RelayApiJson.Default.PageModelView);

        Assert.Equal(isListed ? 1 : 0, found.Items.Count);
    }

    [Theory]
    [InlineData("tag=")]
    [InlineData("tag=%3Dtrial")]
    [InlineData("tag=no%20key")]
    [InlineData("tag=a%0A")]
    [InlineData("tag=1&tag=2&tag=3&tag=4&tag=5&tag=6&tag=7&tag=8&tag=9&tag=10&tag=11")]
    public async Task List_FilterThatIsNone_IsRefused(string query)
    {
        using HttpResponseMessage models = await _relay.Admin.GetAsync($"{Routes.Models}?{query}");
        using HttpResponseMessage versions = await _relay.Admin.GetAsync($"{Routes.VersionsOf(SmallModel.Name)}?{query}");

        Assert.Equal("invalid-filter", await models.ProblemTypeAsync(HttpStatusCode.BadRequest));
        Assert.Equal("invalid-filter", await versions.ProblemTypeAsync(HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData("no key", "x")]
    [InlineData("-a", "x")]
    [InlineData("a=b", "x")]
    [InlineData("a", "two\nlines")]
    [InlineData("a", "\u202e")]
    public async Task Set_KeyOrValueThatIsNone_IsRefused(string key, string value)
    {
        using HttpResponseMessage refused = await SetAsync(1, key, value);

        Assert.Equal("invalid-tag", await refused.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Set_AtTheBounds_TakesTheLastAndRefusesTheNext()
    {
        using HttpResponseMessage longest = await SetAsync(1, new string('k', TagView.MaximumKey), new string('v', TagView.MaximumValue));
        using HttpResponseMessage longKey = await SetAsync(1, new string('k', TagView.MaximumKey + 1), "v");
        using HttpResponseMessage longValue = await SetAsync(1, "k", new string('v', TagView.MaximumValue + 1));
        for (int i = 1; i < TagView.MaximumCount; i++)
        {
            using HttpResponseMessage set = await SetAsync(1, $"k{i}", "v");
            Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        }

        using HttpResponseMessage tooMany = await SetAsync(1, "more", "v");
        using HttpResponseMessage there = await SetAsync(1, "k1", "w");
        Page<TagView> page = await ReadAsync($"{Routes.TagsOf(SmallModel.Name, 1)}?limit=2&cursor=k10", RelayApiJson.Default.PageTagView);

        Assert.Equal(HttpStatusCode.OK, longest.StatusCode);
        Assert.Equal("invalid-tag", await longKey.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        Assert.Equal("invalid-tag", await longValue.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        Assert.Equal("too-many-tags", await tooMany.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
        Assert.Equal(["k11", "k12"], page.Items.Select(tag => tag.Key));
        Assert.Equal("k12", page.Next);
    }

    [Fact]
    public async Task Requests_OfWhatIsNotThere_SaySo()
    {
        using HttpResponseMessage version = await SetAsync(99, "stage", "trial");
        using HttpResponseMessage zero = await SetAsync(0, "stage", "trial");
        using HttpResponseMessage model = await _relay.Admin.GetAsync(Routes.TagsOf("unknown", null));

        Assert.Equal("unknown-version", await version.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-version", await zero.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-model", await model.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    /// <summary>A tag of a version, and an alias of it, are events; a tag of a model is none, and neither is one that stays as it is.</summary>
    [Fact]
    public async Task Changes_OfVersions_AreEventsAndInTheAuditLog()
    {
        await SetAsync(null, "team", "payments");
        await SetAsync(1, "stage", "trial");
        await SetAsync(1, "stage", "trial");
        (await _relay.Admin.DeleteAsync(Routes.TagOf(SmallModel.Name, 1, "stage"))).Dispose();
        string champion = Routes.AliasOf(SmallModel.Name, "champion");
        (await _relay.Admin.PutAsJsonAsync(champion, new AliasRequest(2), RelayApiJson.Default.AliasRequest)).Dispose();
        (await _relay.Admin.DeleteAsync(champion)).Dispose();

        Page<WebhookEvent> events = await ReadAsync(Routes.WebhookEvents, RelayApiJson.Default.PageWebhookEvent);
        Page<AuditEntry> audit = await ReadAsync($"{Routes.Audit}?action=tags&kind=answer", RelayApiJson.Default.PageAuditEntry);

        Assert.Equal(
            [
                ("relay.model_version_tag.set", 1, "stage", "trial", null), ("relay.model_version_tag.deleted", 1, "stage", null, null),
                ("relay.model_version_alias.created", 2, null, null, "champion"), ("relay.model_version_alias.deleted", 2, null, null, "champion"),
            ],
            events.Items.Where(found => found.Type != "relay.model_version.created")
                .Select(found => (found.Type, found.Data.Version!.Value, found.Data.Tag, found.Data.Value, found.Data.Alias)));
        Assert.All(events.Items.Where(found => found.Data.Tag is not null), found => Assert.NotNull(found.Data.By));
        Assert.Equal("payments", audit.Items[^1].Details!["value"]);
    }

    private Task<HttpResponseMessage> SetAsync(int? version, string key, string value) => _relay.Admin.PutAsJsonAsync(
        Routes.TagOf(SmallModel.Name, version, key), new TagRequest(value), RelayApiJson.Default.TagRequest);

    private async Task<T> ReadAsync<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        (await _relay.Admin.GetFromJsonAsync(path, type))!;
}
