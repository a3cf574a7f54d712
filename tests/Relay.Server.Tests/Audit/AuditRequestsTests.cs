using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Audit;
using Relay.Server.Http.Access;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Audit;

namespace Relay.Server.Tests.Audit;

public sealed class AuditRequestsTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private AuditLog Log => fixture.Relay.Services.GetRequiredService<AuditLog>();

    [Fact]
    public async Task Change_ByAKey_IsEnteredWithItsAnswerAndWithoutASecret()
    {
        long before = Log.FindLast()?.Sequence ?? 0;

        ApiKeyIssued issued = await CreateKeyAsync("nightly training", "trainer");

        AuditEntry[] entries = [.. Log.ReadLines(before).Select(line => AuditChain.TryRead(line)!)];
        Assert.Equal([AuditEntry.Request, AuditEntry.Answer], entries.Select(entry => entry.Kind));
        Assert.All(entries, entry => Assert.Equal(
            ($"key:{AdminId}", "POST /v1/api-keys", Routes.ApiKeys), (entry.Actor, entry.Action, entry.Subject)));
        Assert.Equal((entries[0].Sequence, 201), (entries[1].AnswerTo, entries[1].Status));
        Assert.Equal(
            new Dictionary<string, string> { ["name"] = "nightly training", ["role"] = "trainer", ["location"] = $"/v1/api-keys/{issued.Key.Id}" },
            entries[1].Details);
        Assert.DoesNotContain(Log.ReadLines(before), line => line.Contains(issued.Text.Split('_')[^1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task RefusedChange_IsEnteredWithItsStatus()
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.DeleteAsync($"{Routes.ApiKeys}/unknown");

        AuditEntry answer = Log.List(new(null, AuditEntry.Answer, "DELETE", null, null), null, 1)[0];
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal((404, "/v1/api-keys/unknown"), (answer.Status, answer.Subject));
    }

    [Fact]
    public async Task Reads_AndRequestsOfStrangers_AreNotEntered()
    {
        (long, string)? before = Log.FindLast();
        using HttpClient stranger = fixture.Relay.CreateClient();

        (await fixture.Relay.Admin.GetAsync(Routes.ApiKeys)).Dispose();
        (await fixture.Relay.Admin.GetAsync(Routes.Audit)).Dispose();
        (await stranger.PostAsJsonAsync(Routes.ApiKeys, new ApiKeyRequest("x", "admin"), RelayApiJson.Default.ApiKeyRequest)).Dispose();

        Assert.Equal(before, Log.FindLast());
    }

    [Fact]
    [Trait("Attack", "audit-flood")]
    public async Task DeniedChange_AskedForOften_IsEnteredOnce()
    {
        ApiKeyIssued auditor = await CreateKeyAsync("an auditor", "auditor");
        using HttpClient client = fixture.Relay.CreateClient(auditor.Text);
        long before = Log.FindLast()!.Value.Sequence;

        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage response = await client.PostAsJsonAsync(
                Routes.ApiKeys, new ApiKeyRequest("mine", "admin"), RelayApiJson.Default.ApiKeyRequest);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        AuditEntry entry = Assert.Single(Log.ReadLines(before).Select(line => AuditChain.TryRead(line)!));
        Assert.Equal((AuditEntry.Denied, $"key:{auditor.Key.Id}", 403), (entry.Kind, entry.Actor, entry.Status));
    }

    [Fact]
    [Trait("Attack", "audit-silenced")]
    public async Task Change_ThatCannotBeEntered_IsNotDone()
    {
        int keys = fixture.Relay.Services.GetRequiredService<ApiKeyStore>().List(null, 200).Count;
        Execute(TestSql.Refuse("no_audit", "audit_log", "no space"));
        try
        {
            using HttpResponseMessage response = await fixture.Relay.Admin.PostAsJsonAsync(
                Routes.ApiKeys, new ApiKeyRequest("unseen", "admin"), RelayApiJson.Default.ApiKeyRequest);
            Assert.True((int)response.StatusCode >= 500, $"{response.StatusCode}");
        }
        finally
        {
            Execute(TestSql.Accept("no_audit", "audit_log"));
        }

        Assert.Equal(keys, fixture.Relay.Services.GetRequiredService<ApiKeyStore>().List(null, 200).Count);
    }

    private string AdminId => fixture.Relay.AdminKey.Split('_')[1];

    private async Task<ApiKeyIssued> CreateKeyAsync(string name, string role)
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest(name, role), RelayApiJson.Default.ApiKeyRequest);
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued))!;
    }

    private void Execute(string sql)
    {
        using System.Data.Common.DbConnection connection = fixture.Relay.OpenDatabase();
        connection.Execute(sql);
    }
}
