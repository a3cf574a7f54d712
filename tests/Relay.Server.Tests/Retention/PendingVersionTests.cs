using System.Net;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Releases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Retention;

public sealed class PendingVersionTests
{
    [Fact]
    public async Task Delete_VersionOfAPublicationThatWaits_StaysUntilThatIsDeleted()
    {
        await using OfflineRelay offline = await OfflineRelay.StartAsync();
        string pending = await offline.PublishAsync();
        string version = Routes.VersionOf(offline.Version.Name, offline.Version.Version);

        using HttpResponseMessage refused = await offline.Relay.Admin.DeleteAsync(version);
        RelayCommandRun dropped = await RelayCommandRun.OnAsync(offline.Relay, "pending", "delete", pending);
        using HttpResponseMessage deleted = await offline.Relay.Admin.DeleteAsync(version);

        Assert.Equal("version-in-use", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal((0, $"The publication {pending} is deleted.\n"), (dropped.Code, dropped.Output));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }
}
