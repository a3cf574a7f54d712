using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Storage.Postgres;

public sealed class PostgresTextTests
{
    [Fact(Skip = PostgresServer.NotInstalled, SkipUnless = nameof(PostgresServer.IsThere), SkipType = typeof(PostgresServer))]
    public async Task Change_TextWithTheCharacterZero_IsRefusedAndAllOthersAreKeptAsTheyAre()
    {
        string server = PostgresServer.Shared.CreateDatabase();
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { Server = server, LogLevel = LogLevel.None });
        const string Name = "é漢😀 '\"\\ $1 @p {0}";

        using HttpResponseMessage refused = await relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest("a\0b", "auditor"), RelayApiJson.Default.ApiKeyRequest);
        using HttpResponseMessage filtered = await relay.Admin.GetAsync($"{Routes.Audit}?actor=a%00b");
        using HttpResponseMessage taken = await relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest(Name, "auditor"), RelayApiJson.Default.ApiKeyRequest);

        Assert.InRange((int)refused.StatusCode, 400, 499);
        Assert.InRange((int)filtered.StatusCode, 400, 499);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        Assert.Equal(Name, (await taken.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued))!.Key.Name);
    }
}
