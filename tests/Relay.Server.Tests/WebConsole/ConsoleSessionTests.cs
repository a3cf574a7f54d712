using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.WebConsole;

/// <summary>What a session may, and when it ends.</summary>
public sealed class ConsoleSessionTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    [Fact]
    [Trait("Attack", "console-session")]
    public async Task Session_ItsKeyIsRevoked_EndsAtOnce()
    {
        using HttpResponseMessage created = await own.Relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest("leaves", "auditor"), RelayApiJson.Default.ApiKeyRequest);
        ApiKeyIssued key = (await created.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued))!;
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay, key.Text);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/console")).Status);

        using HttpResponseMessage revoked = await own.Relay.Admin.DeleteAsync(Routes.ApiKeyOf(key.Key.Id));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/console")).Status);
    }

    [Fact]
    [Trait("Attack", "console-session")]
    public async Task Session_AfterItsTime_Ends()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        using (System.Data.Common.DbConnection connection = own.Relay.OpenDatabase())
        {
            Dapper.SqlMapper.Execute(connection, "UPDATE console_sessions SET expires_at = 1");
        }

        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/console")).Status);
    }

    [Fact]
    public async Task Session_AfterARestart_GoesOn()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        await own.Relay.RestartAsync();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/console")).Status);
    }

    [Fact]
    public async Task SignIn_KeyOfANode_IsRefused()
    {
        using HttpResponseMessage created = await own.Relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest("a node", "node"), RelayApiJson.Default.ApiKeyRequest);
        string key = (await created.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued))!.Text;
        using ConsoleBrowser browser = ConsoleBrowser.Open(own.Relay);

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsync("/console/sign-in", ("key", key))).Status);
    }

    [Fact]
    [Trait("Attack", "console-role")]
    public async Task Change_RoleThatMayNot_IsRefusedAndEntered()
    {
        using ConsoleBrowser auditor = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");
        ConsoleAnswer answer = await auditor.SubmitAsync("/console", "/console/settings/api-keys", ("name", "mine"), ("role", "admin"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);

        Page<AuditEntry> audit = (await own.Relay.Admin.GetFromJsonAsync($"{Routes.Audit}?kind=denied", RelayApiJson.Default.PageAuditEntry))!;
        Assert.Contains(audit.Items, entry => entry.Action == "POST /v1/api-keys");
    }

    [Fact]
    public async Task Change_OfAUser_IsEnteredUnderTheirKey()
    {
        using ConsoleBrowser admin = await ConsoleBrowser.SignInAsAsync(own.Relay, "admin");
        ConsoleAnswer answer = await admin.SubmitAsync(
            "/console/settings/api-keys", "/console/settings/api-keys", ("name", "made in the console"), ("role", "operator"));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("relay_", answer.Html, StringComparison.Ordinal);

        Page<AuditEntry> audit = (await own.Relay.Admin.GetFromJsonAsync(
            $"{Routes.Audit}?action=api-keys", RelayApiJson.Default.PageAuditEntry))!;
        AuditEntry made = audit.Items.First(entry => entry.Kind == AuditEntry.Answer);
        Assert.Equal("made in the console", made.Details!["name"]);
        ApiKeyView[] keys = [.. (await own.Relay.Admin.GetFromJsonAsync($"{Routes.ApiKeys}?role=admin", RelayApiJson.Default.PageApiKeyView))!.Items];
        Assert.Contains(keys, key => made.Actor == $"key:{key.Id}" && key.Name.StartsWith("admin-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Form_RefusedByTheApi_KeepsWhatWasTyped()
    {
        using ConsoleBrowser admin = await ConsoleBrowser.SignInAsync(own.Relay);
        ConsoleAnswer answer = await admin.SubmitAsync(
            "/console/settings/api-keys", "/console/settings/api-keys", ("name", "too late"), ("role", "operator"), ("expires", "2001-01-01"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("value=\"too late\"", answer.Html, StringComparison.Ordinal);
        Assert.Contains("an instant to come", answer.Html, StringComparison.Ordinal);
    }
}
