using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Models.Aliases;

public sealed class AliasEndpointsTests : IAsyncLifetime
{
    private TestRelay _relay = null!;
    private ModelVersion _one = null!;
    private ModelVersion _two = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _one = await _relay.TrainSmallAsync(trees: 2);
        _two = await _relay.TrainSmallAsync(trees: 3);
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Set_TwoVersions_HasTheLatestAndTheHistory()
    {
        AliasView first = await ReadAsync(await SetAsync("champion", _one.Version));
        AliasView second = await ReadAsync(await SetAsync("champion", _two.Version));
        AliasView same = await ReadAsync(await SetAsync("champion", _two.Version));
        Page<AliasChange> page = await HistoryAsync("champion", "?limit=1");
        Page<AliasChange> rest = await HistoryAsync("champion", $"?limit=1&cursor={page.Next}");
        AliasView then = (await _relay.Admin.GetFromJsonAsync(
            $"{Routes.AliasOf(SmallModel.Name, "champion")}?at={Uri.EscapeDataString($"{first.SetAt:O}")}", RelayApiJson.Default.AliasView))!;
        VersionDetail detail = (await _relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/{SmallModel.Name}/versions/{_two.Version}", RelayApiJson.Default.VersionDetail))!;

        Assert.Equal((1, 2), (first.Version, second.Version));
        Assert.Equal(second, same);
        Assert.NotNull(second.SetBy);
        Assert.Equal((2, second.SetBy), (page.Items.Single().Version, page.Items.Single().Key));
        Assert.Equal((1, null), (rest.Items.Single().Version, rest.Next));
        Assert.Equal(first.SetAt == second.SetAt ? 2 : 1, then.Version);
        Assert.Equal(["champion"], detail.Aliases);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("007")]
    [InlineData("latest")]
    [InlineData("Champion")]
    [InlineData("-a")]
    public async Task Set_NameThatCouldBeAVersionOrIsNone_IsRefused(string alias)
    {
        using HttpResponseMessage refused = await SetAsync(alias, _one.Version);

        Assert.Equal("invalid-alias", await refused.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Set_RevokedVersion_IsRefusedAndTheListSaysWhereOneIsNamed()
    {
        await SetAsync("champion", _one.Version);
        await SetAsync("challenger", _two.Version);
        (await _relay.Admin.PostAsync(Routes.RevokeOf(SmallModel.Name, _one.Version), null)).Dispose();

        using HttpResponseMessage refused = await SetAsync("challenger", _one.Version);
        Page<AliasView> listed = (await _relay.Admin.GetFromJsonAsync(
            Routes.AliasesOf(SmallModel.Name), RelayApiJson.Default.PageAliasView))!;

        Assert.Equal("revoked-version", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal(
            [("challenger", 2, false), ("champion", 1, true)], listed.Items.Select(alias => (alias.Alias, alias.Version, alias.Revoked)));
    }

    [Fact]
    public async Task Delete_Alias_NamesNothingAndKeepsItsHistory()
    {
        await SetAsync("champion", _one.Version);

        using HttpResponseMessage deleted = await _relay.Admin.DeleteAsync(Routes.AliasOf(SmallModel.Name, "champion"));
        using HttpResponseMessage again = await _relay.Admin.DeleteAsync(Routes.AliasOf(SmallModel.Name, "champion"));
        using HttpResponseMessage gone = await _relay.Admin.GetAsync(Routes.AliasOf(SmallModel.Name, "champion"));
        Page<AliasChange> history = await HistoryAsync("champion", "");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("unknown-alias", await again.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-alias", await gone.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal([null, 1], history.Items.Select(change => change.Version));
    }

    [Fact]
    public async Task Requests_OfWhatIsNotThere_SaySo()
    {
        await SetAsync("champion", _one.Version);
        string champion = Routes.AliasOf(SmallModel.Name, "champion");

        using HttpResponseMessage version = await SetAsync("champion", 99);
        using HttpResponseMessage model = await _relay.Admin.GetAsync(Routes.AliasesOf("unknown"));
        using HttpResponseMessage history = await _relay.Admin.GetAsync($"{Routes.AliasOf(SmallModel.Name, "unknown")}/history");
        using HttpResponseMessage before = await _relay.Admin.GetAsync($"{champion}?at=2001-01-01T00:00:00Z");
        using HttpResponseMessage later = await _relay.Admin.GetAsync($"{champion}?at=9000-01-01T00:00:00Z");

        Assert.Equal("unknown-version", await version.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-model", await model.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-alias", await history.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-alias", await before.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("malformed-request", await later.ProblemTypeAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Set_IsInTheAuditLogWithItsVersion()
    {
        await SetAsync("champion", _two.Version);

        Page<AuditEntry> audit = (await _relay.Admin.GetFromJsonAsync(
            $"{Routes.Audit}?action=aliases&kind={AuditEntry.Answer}", RelayApiJson.Default.PageAuditEntry))!;

        Assert.Equal("2", Assert.Single(audit.Items).Details!["version"]);
    }

    private Task<HttpResponseMessage> SetAsync(string alias, int version) => _relay.Admin.PutAsJsonAsync(
        Routes.AliasOf(SmallModel.Name, alias), new AliasRequest(version), RelayApiJson.Default.AliasRequest);

    private async Task<Page<AliasChange>> HistoryAsync(string alias, string query) => (await _relay.Admin.GetFromJsonAsync(
        $"{Routes.AliasOf(SmallModel.Name, alias)}/history{query}", RelayApiJson.Default.PageAliasChange))!;

    private static async Task<AliasView> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.AliasView))!;
        }
    }
}
