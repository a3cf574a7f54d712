using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet;

public sealed partial class FleetOverviewTests
{
    [Fact]
    public async Task Fleet_ChannelThatIsDeletedWithItsNodes_LeavesThemElsewhere()
    {
        ModelVersion version = new("small", 1);
        await _relay.PublishAsync("trial", version);
        await StoreAsync(Report("a"));
        await StoreAsync(Report("b") with { Channel = "trial", Release = 2 });
        Assert.Equal((0, 1), ((await ReadAsync()).Elsewhere, (await ReadAsync()).Channels.Single(channel => channel.Channel == "trial").Nodes));

        using HttpResponseMessage deleted = await _relay.Admin.DeleteAsync($"{Routes.Channels}/trial?force=true");
        deleted.EnsureSuccessStatusCode();

        FleetView fleet = await ReadAsync();
        Assert.Equal((1, 2), (fleet.Elsewhere, fleet.Nodes));
        Assert.Equal([new FleetRelease(null, 2, 1, 0, 1), new FleetRelease("stable", 1, 1, 0, 1)], fleet.Releases);
    }
}
