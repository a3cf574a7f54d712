using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Usage;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Reports;

namespace Relay.Server.Tests.Fleet;

// Which windows and refusals of a report count.
public sealed partial class FleetOverviewTests
{
    [Fact]
    [Trait("Attack", "replayed-reports")]
    public async Task CheckIn_WindowThatIsSentAgainReorderedOrFarAhead_CountsOnce()
    {
        long now = Now;
        CheckIn report = Report("a") with { Windows = [Window(now), Window(now + 5)] };
        await StoreAsync(report);
        await StoreAsync(report);
        await StoreAsync(report with { Windows = [Window(now + 5), Window(now + 2)] });
        await StoreAsync(report with { Windows = [Window(now + (3L * 24 * 60 * 60 * 1000))] });

        await StoreAsync(report with { Windows = [Window(now + 6)] });

        Assert.Equal((3, 30), ((await ReadAsync()).Usage.Single().Windows, (await ReadAsync()).Usage.Single().Calls));
    }

    [Fact]
    [Trait("Attack", "made-up-nodes")]
    public async Task CheckIn_VersionsAndReleasesThatTheRelayDoesNotHave_HaveNoRow()
    {
        VersionUsage usage = Window(Now).Versions[0];
        await StoreAsync(Report("a") with
        {
            Windows =
            [
                Window(Now) with
                {
                    Versions = [usage with { Release = 2 }, usage with { Model = "made-up" }, usage with { Version = 9 }],
                    Refusals = new Dictionary<string, long> { ["MadeUp"] = 1, ["MadeUpToo"] = 1 },
                },
            ],
        });

        FleetView fleet = await ReadAsync();

        Assert.Empty(fleet.Usage);
        Assert.Equal([new FleetRefusals("other", 2)], fleet.Refusals);
    }

    [Fact]
    public async Task CheckIn_NodeWithoutWindows_ItsRefusalsCount()
    {
        await StoreAsync(Report("a"));

        Assert.Equal([new FleetRefusals(nameof(RefusalReason.ArtifactHashMismatch), 1)], (await ReadAsync()).Refusals);
    }

    [Fact]
    public async Task CheckIn_OverHttpWithoutAKey_CountsInACohortOfItsOwn()
    {
        using HttpResponseMessage response = await _relay.Anonymous.PostAsJsonAsync(
            Routes.CheckInsOf("a"), Report("a") with { Windows = [Window(Now)] }, RelayApiJson.Default.CheckIn);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("unsigned", (await ReadAsync()).Usage.Single().Cohort);
    }
}
