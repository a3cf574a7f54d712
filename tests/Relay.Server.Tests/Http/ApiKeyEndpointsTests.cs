using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

public sealed partial class ApiKeyEndpointsTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private TestRelay Relay => fixture.Relay;

    [Fact]
    public async Task Create_KeyOfARole_WorksAndIsShownOnlyThen()
    {
        using HttpResponseMessage response = await PostAsync(Routes.ApiKeys, """{"name":"CI of the models","role":"trainer"}""");
        ApiKeyIssued issued = (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued))!;
        using HttpClient client = Relay.CreateClient(issued.Text);
        using HttpResponseMessage models = await client.GetAsync(Routes.Models);
        string listed = await Relay.Admin.GetStringAsync(Routes.ApiKeys);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal(HttpStatusCode.OK, models.StatusCode);
        Assert.Equal(("CI of the models", "trainer", "valid"), (issued.Key.Name, issued.Key.Role, issued.Key.State));
        Assert.StartsWith($"relay_{issued.Key.Id}_", issued.Text, StringComparison.Ordinal);
        Assert.Contains(issued.Key.Id, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(issued.Text.Split('_', 3)[2], listed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"","role":"admin"}""", "$.name")]
    [InlineData("""{"name":" ","role":"admin"}""", "$.name")]
    [InlineData("""{"name":"a\u001b[2Jb","role":"admin"}""", "$.name")]
    [InlineData("""{"name":"a\nb","role":"admin"}""", "$.name")]
    [InlineData("""{"name":"n","role":"root"}""", "$.role")]
    [InlineData("""{"name":"n","role":"Admin"}""", "$.role")]
    [InlineData("""{"name":"n","role":"0"}""", "$.role")]
    [InlineData("""{"name":"n","role":"node","expiresAt":"2001-01-01T00:00:00Z"}""", "$.expiresAt")]
    public async Task Create_InvalidRequest_NamesTheMember(string body, string member)
    {
        using HttpResponseMessage response = await PostAsync(Routes.ApiKeys, body);
        using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity);

        Assert.Equal(member, Assert.Single(problem.RootElement.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task Create_NameOfAHundredAndOneCharacters_IsRefused()
    {
        using HttpResponseMessage response = await PostAsync(Routes.ApiKeys, $$"""{"name":"{{new string('n', 101)}}","role":"node"}""");

        Assert.Equal("invalid-api-key", await response.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task List_InPages_HasEachKeyOnceInTheOrderOfCreation()
    {
        string[] made = [(await CreateAsync("auditor")).Key.Id, (await CreateAsync("auditor")).Key.Id, (await CreateAsync("auditor")).Key.Id];

        List<string> ids = [];
        string? cursor = null;
        do
        {
            Page<ApiKeyView> page = (await Relay.Admin.GetFromJsonAsync(
                $"{Routes.ApiKeys}?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}", RelayApiJson.Default.PageApiKeyView))!;
            ids.AddRange(page.Items.Select(key => key.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(made, ids.TakeLast(3));
    }

    [Fact]
    public async Task Revoke_Key_EndsAtOnceAndSaysSoToWhoHasIt()
    {
        ApiKeyIssued key = await CreateAsync("operator");

        using HttpResponseMessage revoked = await Relay.Admin.DeleteAsync(Routes.ApiKeyOf(key.Key.Id));
        using HttpResponseMessage again = await Relay.Admin.DeleteAsync(Routes.ApiKeyOf(key.Key.Id));
        using HttpClient client = Relay.CreateClient(key.Text);
        using HttpResponseMessage refused = await client.GetAsync(Routes.Channels);
        using JsonDocument problem = await refused.ProblemAsync(HttpStatusCode.Unauthorized);

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent], [revoked.StatusCode, again.StatusCode]);
        Assert.Contains("was revoked", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("revoked", (await FindAsync(key.Key.Id)).State);
    }

    [Theory]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/rotate")]
    public async Task Change_UnknownKey_IsUnknown(string method, string path)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), Routes.ApiKeyOf("abc") + path);
        using HttpResponseMessage response = await Relay.Admin.SendAsync(request);

        Assert.Equal("unknown-api-key", await response.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Revoke_LastAdminKey_IsRefused()
    {
        ApiKeyView admin = (await KeysAsync()).First(key => key.Role == "admin");

        using HttpResponseMessage response = await Relay.Admin.DeleteAsync(Routes.ApiKeyOf(admin.Id));

        Assert.Equal("last-admin-key", await response.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal("valid", (await FindAsync(admin.Id)).State);
    }

    [Fact]
    public async Task Use_OfAKey_IsNoted()
    {
        ApiKeyIssued key = await CreateAsync("auditor");
        Assert.Null((await FindAsync(key.Key.Id)).LastUsedAt);

        await UseAsync(key);

        await Eventually.TrueAsync(async () => (await FindAsync(key.Key.Id)).LastUsedAt is not null, "the use of the key is noted");
    }

    private async Task<ApiKeyIssued> CreateAsync(string role)
    {
        using HttpResponseMessage response = await PostAsync(Routes.ApiKeys, $$"""{"name":"a key","role":"{{role}}"}""");
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued))!;
    }

    private async Task<ApiKeyIssued> RotateAsync(string id, string? body)
    {
        using HttpRequestMessage request =
            new(HttpMethod.Post, $"{Routes.ApiKeyOf(id)}/rotate") { Content = body is null ? null : HttpResponses.Json(body) };
        using HttpResponseMessage response = await Relay.Admin.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued))!;
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) => Relay.Admin.PostAsync(path, HttpResponses.Json(body));

    private async Task<HttpStatusCode> UseAsync(ApiKeyIssued key)
    {
        using HttpClient client = Relay.CreateClient(key.Text);
        using HttpResponseMessage response = await client.GetAsync(Routes.Channels);
        return response.StatusCode;
    }

    private async Task<IReadOnlyList<ApiKeyView>> KeysAsync() =>
        (await Relay.Admin.GetFromJsonAsync($"{Routes.ApiKeys}?limit=200", RelayApiJson.Default.PageApiKeyView))!.Items;

    private async Task<ApiKeyView> FindAsync(string id) => (await KeysAsync()).Single(key => key.Id == id);
}
