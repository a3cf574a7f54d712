using System.Net;
using System.Text.Json;
using Relay.Server.Tests.Releases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Models;

/// <summary>A relay whose targets key is offline: a release counts from its request on.</summary>
public sealed class OfflineArchiveTests
{
    [Fact]
    public async Task Archive_ModelOfAReleaseThatWaitsForSignatures_IsRefused()
    {
        await using OfflineRelay offline = await OfflineRelay.StartAsync();
        string pending = await offline.PublishAsync();

        using HttpResponseMessage refused = await offline.Relay.Admin.PostAsync(Routes.ArchiveOf(offline.Version.Name), null);
        using JsonDocument problem = await refused.ProblemAsync(HttpStatusCode.Conflict);
        (await offline.Relay.Admin.DeleteAsync($"{Routes.Pending}/{pending}")).EnsureSuccessStatusCode();
        using HttpResponseMessage archived = await offline.Relay.Admin.PostAsync(Routes.ArchiveOf(offline.Version.Name), null);

        Assert.Equal(HttpStatusCode.OK, archived.StatusCode);
        Assert.Equal(["stable"], problem.RootElement.GetProperty("channels").EnumerateArray().Select(channel => channel.GetString()));
    }
}
