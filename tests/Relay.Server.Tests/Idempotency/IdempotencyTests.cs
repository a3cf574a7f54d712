using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Idempotency;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Idempotency;

public sealed class IdempotencyTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task Change_SentTwiceWithOneKey_IsMadeOnceAndAnsweredAlike()
    {
        using HttpResponseMessage first = await CreateModelAsync("once", "key-once");
        using HttpResponseMessage again = await CreateModelAsync("once", "key-once");
        using HttpResponseMessage withoutKey = await CreateModelAsync("once", null);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal((first.Headers.Location, first.Content.Headers.ContentType), (again.Headers.Location, again.Content.Headers.ContentType));
        Assert.Equal((false, true), (IsReplayed(first), IsReplayed(again)));
        Assert.Equal(HttpStatusCode.Conflict, withoutKey.StatusCode);
    }

    [Fact]
    public async Task RefusedChange_SentTwice_IsRefusedAlike()
    {
        using HttpResponseMessage first = await SendAsync(HttpMethod.Delete, $"{Routes.ApiKeys}/unknown", null, "key-refused");
        using HttpResponseMessage again = await SendAsync(HttpMethod.Delete, $"{Routes.ApiKeys}/unknown", null, "key-refused");

        Assert.Equal("unknown-api-key", await first.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-api-key", await again.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.True(IsReplayed(again));
    }

    [Fact]
    public async Task OneKey_WithAnotherRequest_IsRefusedAndNothingIsDone()
    {
        (await CreateModelAsync("first", "key-two")).Dispose();
        using HttpResponseMessage other = await CreateModelAsync("second", "key-two");
        using HttpResponseMessage found = await fixture.Relay.Admin.GetAsync($"{Routes.Models}/second");

        Assert.Equal("idempotency-key-reused", await other.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        Assert.Equal(HttpStatusCode.NotFound, found.StatusCode);
    }

    /// <summary>Another caller cannot read an answer by guessing a key.</summary>
    [Fact]
    [Trait("Attack", "guessed-idempotency-key")]
    public async Task OneKey_OfAnotherCaller_IsAnotherKey()
    {
        using HttpClient trainer = fixture.Relay.CreateClient((await IssueAsync("trainer", null)).Text);
        (await CreateModelAsync("mine", "key-guessed")).Dispose();

        using HttpRequestMessage request = Request(HttpMethod.Post, Routes.Models, Model("mine"), "key-guessed");
        using HttpResponseMessage guessed = await trainer.SendAsync(request);

        Assert.Equal("model-exists", await guessed.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.False(IsReplayed(guessed));
    }

    [Fact]
    [Trait("Attack", "guessed-idempotency-key")]
    public async Task AnswerWithASecret_IsNotKept()
    {
        ApiKeyRequest body = new("kept nowhere", "node");
        using HttpResponseMessage first = await SendAsync(HttpMethod.Post, Routes.ApiKeys, JsonContent.Create(body), "key-secret");
        using HttpResponseMessage again = await SendAsync(HttpMethod.Post, Routes.ApiKeys, JsonContent.Create(body), "key-secret");

        using System.Data.Common.DbConnection connection = fixture.Relay.OpenDatabase();
        Assert.Null(connection.QuerySingle<byte[]?>("SELECT body FROM idempotency_keys WHERE key = 'key-secret'"));
        Assert.Equal(1, connection.ExecuteScalar<int>("SELECT count(*) FROM api_keys WHERE name = 'kept nowhere'"));
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal("answer-not-kept", await again.ProblemTypeAsync(HttpStatusCode.Conflict));
    }

    /// <summary>As a kill leaves it: begun, and without an answer.</summary>
    [Fact]
    public async Task Change_ThatAKillCutOff_IsNotMadeAgain()
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, Routes.Models, Model("cut-off"), "key-cut");
        string path = "POST /v1/models\n" + Model("cut-off");
        string fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(path)));
        fixture.Relay.Services.GetRequiredService<IdempotencyStore>().TryBegin(fixture.Relay.AdminKey.Split('_')[1], "key-cut", fingerprint);

        using HttpResponseMessage answer = await fixture.Relay.Admin.SendAsync(request);
        using HttpResponseMessage found = await fixture.Relay.Admin.GetAsync($"{Routes.Models}/cut-off");

        Assert.Equal("outcome-unknown", await answer.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.NotFound, found.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\tinside")]
    [InlineData("129")]
    public async Task Key_OfAWrongForm_IsRefused(string key)
    {
        using HttpResponseMessage answer = await CreateModelAsync("wrong", key == "129" ? new string('k', 129) : key);

        Assert.Equal("invalid-idempotency-key", await answer.ProblemTypeAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Read_WithAKey_IsReadAnew()
    {
        using HttpResponseMessage before = await SendAsync(HttpMethod.Get, $"{Routes.Models}/later", null, "key-read");
        (await CreateModelAsync("later", null)).Dispose();
        using HttpResponseMessage after = await SendAsync(HttpMethod.Get, $"{Routes.Models}/later", null, "key-read");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
    }

    private static bool IsReplayed(HttpResponseMessage response) => response.Headers.Contains(Routes.IdempotencyReplayedHeader);

    private static string Model(string name) => $$"""
        { "name": "{{name}}", "task": "classification", "algorithm": "gradient-boosting",
          "columns": [{ "name": "a", "type": "number" }, { "name": "b", "type": "label" }] }
        """;

    private Task<HttpResponseMessage> CreateModelAsync(string name, string? key) =>
        SendAsync(HttpMethod.Post, Routes.Models, HttpResponses.Json(Model(name)), key);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, string? key)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(Routes.IdempotencyKeyHeader, key);
        }

        return await fixture.Relay.Admin.SendAsync(request);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string body, string key)
    {
        HttpRequestMessage request = new(method, path) { Content = HttpResponses.Json(body) };
        request.Headers.Add(Routes.IdempotencyKeyHeader, key);
        return request;
    }

    private async Task<ApiKeyIssued> IssueAsync(string role, string? key)
    {
        using HttpResponseMessage response =
            await SendAsync(HttpMethod.Post, Routes.ApiKeys, JsonContent.Create(new ApiKeyRequest("another", role)), key);
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued))!;
    }
}
