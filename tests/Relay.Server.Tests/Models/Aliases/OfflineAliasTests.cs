using System.Net;
using System.Net.Http.Json;
using Relay.Server.Tests.Releases;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Models.Aliases;

/// <summary>A relay whose targets key is offline: a revocation counts from its request on.</summary>
public sealed class OfflineAliasTests
{
    [Fact]
    public async Task Set_VersionWhoseRevocationWaitsForSignatures_IsRefusedAsOneThatIsRevoked()
    {
        await using OfflineRelay offline = await OfflineRelay.StartAsync();
        string champion = Routes.AliasOf(SmallModel.Name, "champion");
        using HttpResponseMessage before = await SetAsync("champion");

        await offline.RevokeAsync();
        using HttpResponseMessage waiting = await SetAsync("challenger");
        AliasView listed = (await offline.Relay.Admin.GetFromJsonAsync(champion, RelayApiJson.Default.AliasView))!;

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal("revoked-version", await waiting.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.True(listed.Revoked);

        Task<HttpResponseMessage> SetAsync(string alias) => offline.Relay.Admin.PutAsJsonAsync(
            Routes.AliasOf(SmallModel.Name, alias), new AliasRequest(offline.Version.Version), RelayApiJson.Default.AliasRequest);
    }
}
