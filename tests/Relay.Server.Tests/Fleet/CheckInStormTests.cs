using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet;

public sealed class CheckInStormTests
{
    [Fact]
    [Trait("Attack", "check-in-storm")]
    public async Task CheckIns_ThatWaitForTheDisk_HoldUpNoHealthCheck()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using HttpClient nodes = relay.CreateClient();
        nodes.DefaultRequestVersion = HttpVersion.Version20;
        nodes.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using DbConnection slowDisk = relay.Services.GetRequiredService<RelayDatabase>().Open();
        slowDisk.HoldWriters();

        Task<HttpResponseMessage>[] storm = [.. Enumerable.Range(0, 90).Select(i => nodes.PostAsJsonAsync(
            Routes.CheckInsOf($"node-{i}"), Reports.Valid($"node-{i}"), RelayApiJson.Default.CheckIn))];
        using HttpResponseMessage health = await relay.Anonymous.GetAsync("/health/ready").WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.DoesNotContain(storm, checkIn => checkIn.IsCompleted);
        slowDisk.EndWait();
        HttpResponseMessage[] answers = await Task.WhenAll(storm);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        RelayStats stats = (await relay.Admin.GetFromJsonAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats))!;
        Assert.Equal(90, stats.Nodes);
    }

    [Fact]
    public async Task Stats_CountersAtTheEndOfTheirRange_SaturateInsteadOfFailing()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { TimeProvider = clock });
        const long Largest = 1L << 53;
        await relay.TrainSmallAsync(trees: 2);
        foreach (string node in (string[])["a", "b"])
        {
            CheckIn report = Reports.Valid(node) with { Models = [new("small", 1, Reports.Sha256, "managed", Largest, 0)] };
            using HttpResponseMessage taken = await relay.Anonymous.PostAsJsonAsync(Routes.CheckInsOf(node), report, RelayApiJson.Default.CheckIn);
            Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
            report = report with { Models = [new("small", 1, Reports.Sha256, "managed", Largest + 1, 0)] };
            using HttpResponseMessage refused = await relay.Anonymous.PostAsJsonAsync(Routes.CheckInsOf(node), report, RelayApiJson.Default.CheckIn);
            Assert.Equal("invalid-check-in", await refused.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        }

        RelayStats sum = (await relay.Admin.GetFromJsonAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats))!;
        Assert.Equal(2 * Largest, Assert.Single(sum.Predictions).Predictions);

        // A relay of before may have stored what it takes no more.
        using (DbConnection connection = relay.Services.GetRequiredService<RelayDatabase>().Open())
        {
            connection.Execute("UPDATE nodes SET check_in = replace(check_in, @Largest, '9223372036854775807')", new { Largest = $"{Largest}" });
        }

        clock.Advance(TimeSpan.FromMinutes(1));
        RelayStats saturated = (await relay.Admin.GetFromJsonAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats))!;
        Assert.Equal(9_200_000_000_000_000_000, Assert.Single(saturated.Predictions).Predictions);
    }

    [Fact]
    [Trait("Attack", "made-up-nodes")]
    public async Task Stats_MadeUpVersionsAndRepeatedOnes_AreNotListedAndCountOneNode()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.TrainSmallAsync(trees: 2);
        ActiveModel real = new("small", 1, Reports.Sha256, "managed", 1, 0);
        CheckIn report =
            Reports.Valid("a") with { Models = [real, real, .. Enumerable.Range(1, 250).Select(i => real with { Name = $"made-up-{i}" })] };
        using HttpResponseMessage taken = await relay.Anonymous.PostAsJsonAsync(Routes.CheckInsOf("a"), report, RelayApiJson.Default.CheckIn);

        RelayStats stats = (await relay.Admin.GetFromJsonAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats))!;

        Assert.Equal([new VersionPredictions("small", 1, 1, 2, 0)], stats.Predictions);
    }

    [Fact]
    public async Task Nodes_RemovedByTheOperator_AreGoneUntilTheyReportAgain()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        foreach (string node in (string[])["a", "b", "c"])
        {
            (await relay.Anonymous.PostAsJsonAsync(Routes.CheckInsOf(node), Reports.Valid(node), RelayApiJson.Default.CheckIn)).Dispose();
        }

        using HttpResponseMessage keyless = await relay.Anonymous.DeleteAsync(Routes.NodeOf("a"));
        using HttpResponseMessage removed = await relay.Admin.DeleteAsync(Routes.NodeOf("a"));
        using HttpResponseMessage again = await relay.Admin.DeleteAsync(Routes.NodeOf("a"));
        using HttpResponseMessage without = await relay.Admin.DeleteAsync(Routes.Nodes);
        using HttpResponseMessage rest = await relay.Admin.DeleteAsync($"{Routes.Nodes}?notSeenSince=2999-01-01T00:00:00Z");

        Assert.Equal("unauthorized", await keyless.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal("unknown-node", await again.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("malformed-request", await without.ProblemTypeAsync(HttpStatusCode.BadRequest));
        Assert.Equal(new NodesRemoved(2), await rest.Content.ReadFromJsonAsync(RelayApiJson.Default.NodesRemoved));
        Page<NodeView> left = (await relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView))!;
        Assert.Empty(left.Items);
    }
}
