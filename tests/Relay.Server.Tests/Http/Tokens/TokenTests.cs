using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Http.Access.Tokens;
using Relay.TestKit;
using Relay.TestKit.Identity;
using Relay.TestKit.Models;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Http.Tokens;

/// <summary>What an accepted token may do, and who acts with it.</summary>
public sealed class TokenTests(TokenRelay fixture) : IClassFixture<TokenRelay>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestIssuer Issuer => fixture.Issuer;

    [Fact]
    public async Task AllGrantsThatApply_GiveTheirRoles()
    {
        using HttpClient client = fixture.Relay.CreateClient(
            Issuer.CreateToken(("role", new System.Text.Json.Nodes.JsonArray("trainer", "operator", "x"))));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PostEmptyAsync(client, Routes.TrainingRuns));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PostEmptyAsync(client, Routes.Rollouts));
        Assert.Equal(HttpStatusCode.Forbidden, await PostEmptyAsync(client, Routes.ApiKeys));
    }

    [Fact]
    [Trait("Attack", "token-actor")]
    public async Task Change_IsEnteredWithIssuerAndSubject()
    {
        using HttpClient client = fixture.Relay.CreateClient(fixture.CreateToken("admin", "grace"));
        using HttpResponseMessage made = await client.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest("by a token", "auditor"), RelayApiJson.Default.ApiKeyRequest, Cancel);
        string actor = $"oidc:{Issuer.Address}#repo:octo/models:ref:refs/heads/main#grace";

        Page<AuditEntry> entries = (await fixture.Relay.Admin.GetFromJsonAsync(
            $"{Routes.Audit}?actor={Uri.EscapeDataString(actor)}", RelayApiJson.Default.PageAuditEntry, Cancel))!;

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal([AuditEntry.Request, AuditEntry.Answer], entries.Items.Select(entry => entry.Kind).Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public async Task IdempotencyKey_OfOneSubject_IsOneScopeOverItsTokens()
    {
        Assert.Equal("", await PostOnceAsync(Issuer.CreateToken(("role", "admin"))));
        Assert.Equal("true", await PostOnceAsync(Issuer.CreateToken(("role", "admin"), ("jti", "another token"))));
        Assert.Equal("", await PostOnceAsync(Issuer.CreateToken(("role", "admin"), ("sub", "another"))));
        Assert.Equal("", await PostOnceAsync(fixture.Relay.AdminKey));
    }

    [Theory]
    [Trait("Attack", "one-person-alone")]
    [InlineData("ada", "ada", false)]
    [InlineData("ada", "ADA", false)]
    [InlineData("ada", null, false)]
    [InlineData(null, null, false)]
    [InlineData("ada", "bob", true)]
    public async Task TwoPeople_TokensOfSubjects_ArePersonsOnlyWhereTheyNameThem(string? trainedBy, string? publishedBy, bool isDone)
    {
        ModelVersion version = await TrainAsync(
            fixture.Relay.CreateClient(Issuer.CreateToken(("role", "admin"), ("sub", "one"), ("person", trainedBy))));
        using HttpClient second = fixture.Relay.CreateClient(Issuer.CreateToken(("role", "admin"), ("sub", "two"), ("person", publishedBy)));

        Assert.Equal(isDone ? HttpStatusCode.OK : HttpStatusCode.Conflict, await PublishAsync(second, version));
    }

    [Theory]
    [Trait("Attack", "one-person-alone")]
    [InlineData("ada", "Ada", false)]
    [InlineData("ada", null, false)]
    [InlineData(null, "ada", false)]
    [InlineData(null, null, false)]
    [InlineData("ada", "bob", true)]
    public async Task TwoPeople_TokenAndKey_AreTwoOnlyWhereBothNameAPerson(string? trainedBy, string? owner, bool isDone)
    {
        ModelVersion version = await TrainAsync(fixture.Relay.CreateClient(fixture.CreateToken("admin", trainedBy)));
        using HttpResponseMessage made = await fixture.Relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest("second", "operator") { Owner = owner }, RelayApiJson.Default.ApiKeyRequest, Cancel);
        ApiKeyIssued key = (await made.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued, Cancel))!;
        using HttpClient second = fixture.Relay.CreateClient(key.Text);

        Assert.Equal(isDone ? HttpStatusCode.OK : HttpStatusCode.Conflict, await PublishAsync(second, version));
    }

    [Fact]
    [Trait("Attack", "token-issuer-unreachable")]
    public async Task IssuerUnreachable_WithoutKeys_IsUnavailableAndOtherCredentialsWork()
    {
        using TemporaryFolder folder = new();
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        issuer.IsDown = true;
        string file = issuer.WriteFile(folder.FullPath, """[{ "role": "admin", "claims": { "sub": "a" } }]""");
        await using TestRelay relay = await TestRelay.StartAsync(
            options => options with { IdentityFile = file, LogLevel = Microsoft.Extensions.Logging.LogLevel.None });
        using HttpClient client = relay.CreateClient(issuer.CreateToken(("sub", "a")));

        using HttpResponseMessage refused = await client.GetAsync(Routes.ApiKeys, Cancel);
        using HttpResponseMessage key = await relay.Admin.GetAsync(Routes.ApiKeys, Cancel);

        Assert.Equal("issuer-unreachable", await refused.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(IssuerKeys.Pause, refused.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, key.StatusCode);
    }

    [Fact]
    public async Task Reload_ChangedFile_HoldsAndAFileWithErrorsDoesNot()
    {
        using TemporaryFolder folder = new();
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        string file = issuer.WriteFile(folder.FullPath, """[{ "role": "auditor", "claims": { "sub": "a" } }]""");
        await using TestRelay relay = await TestRelay.StartAsync(
            options => options with { IdentityFile = file, LogLevel = Microsoft.Extensions.Logging.LogLevel.None });
        using HttpClient client = relay.CreateClient(issuer.CreateToken(("sub", "a")));
        IssuerList issuers = relay.Services.GetRequiredService<IssuerList>();

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(Routes.ApiKeys, Cancel)).StatusCode);
        issuer.WriteFile(folder.FullPath, """[{ "role": "admin", "claims": { "sub": "a" } }]""");
        issuer.IsDown = true;                                       // the keys that were read go on
        issuers.Reload();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Routes.ApiKeys, Cancel)).StatusCode);
        issuer.WriteFile(folder.FullPath, "[]");
        issuers.Reload();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Routes.ApiKeys, Cancel)).StatusCode);
        issuer.WriteFile(folder.FullPath, """[{ "role": "admin", "claims": { "sub": "b" } }]""");
        issuers.Reload();
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(Routes.ApiKeys, Cancel)).StatusCode);
    }

    private static async Task<HttpStatusCode> PostEmptyAsync(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.PostAsync(path, HttpResponses.Json("{}"), Cancel);
        return response.StatusCode == HttpStatusCode.BadRequest ? HttpStatusCode.UnprocessableEntity : response.StatusCode;
    }

    private async Task<string> PostOnceAsync(string credential)
    {
        using HttpClient client = fixture.Relay.CreateClient(credential);
        using HttpRequestMessage request = new(HttpMethod.Delete, $"{Routes.EnrollmentTokens}/7");
        request.Headers.Add(Routes.IdempotencyKeyHeader, "once");
        using HttpResponseMessage response = await client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        return response.Headers.TryGetValues(Routes.IdempotencyReplayedHeader, out IEnumerable<string>? replayed) ? replayed.Single() : "";
    }

    private async Task<ModelVersion> TrainAsync(HttpClient client)
    {
        using HttpClient trainer = client;
        using HttpResponseMessage put = await trainer.PutAsJsonAsync(
            $"{Routes.Models}/{SmallModel.Name}", SmallModel.Spec() with { TwoPeople = true }, ModelJson.Default.ModelSpec, Cancel);
        using HttpResponseMessage started = await trainer.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest(SmallModel.Name, SmallModel.Data) { Accept = TestRelay.AnyIncumbent },
            RelayApiJson.Default.TrainingRunRequest, Cancel);
        TrainingRun run = (await started.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun, Cancel))!;
        run = await fixture.Relay.WaitForRunAsync(run.Id, r => r.IsFinished, Cancel);
        return new ModelVersion(SmallModel.Name, run.Version!.Value);
    }

    private static async Task<HttpStatusCode> PublishAsync(HttpClient client, ModelVersion version)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [version], NewChannel = true }, RelayApiJson.Default.ReleaseRequest, Cancel);
        return answer.StatusCode;
    }
}
