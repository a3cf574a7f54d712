using System.Data.Common;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Relay.Server.Cli;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cli;

// The commands on nodes.
public sealed partial class CommandLineTests
{
    [Fact]
    public async Task Nodes_BanListAndUnban_SayWhichNodeIsBanned()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(relay, "stolen");
        (await client.PostAsJsonAsync(
            Routes.CheckInsOf(node.Id), Reports.Valid(node.Id) with { Sequence = 1, Waiting = new(7, DateTimeOffset.UnixEpoch) },
            RelayApiJson.Default.CheckIn))
            .EnsureSuccessStatusCode();

        (int banned, string said, _) = await RunAsync(relay, "nodes", "ban", "stolen");
        (_, string listed, _) = await RunAsync(relay, "nodes", "list");
        using (DbConnection connection = relay.OpenDatabase())
        {
            connection.Execute("UPDATE nodes SET seen_at = seen_at - 10000000");
        }

        (_, string whileBanned, _) = await RunAsync(relay, "status");
        (int unknown, _, string error) = await RunAsync(relay, "nodes", "ban", "no-such-node");
        (int unbanned, _, _) = await RunAsync(relay, "nodes", "unban", "stolen");
        (_, string after, _) = await RunAsync(relay, "nodes", "list");
        (_, string status, _) = await RunAsync(relay, "status");

        Assert.Equal((0, 1, 0), (banned, unknown, unbanned));
        Assert.Contains("stolen", said, StringComparison.Ordinal);
        Assert.Contains(", BANNED since ", listed, StringComparison.Ordinal);
        Assert.Contains("release 7 waits for the maintenance window until 1970-01-01 00:00 +00:00", listed, StringComparison.Ordinal);
        Assert.Contains("no-such-node", error, StringComparison.Ordinal);
        Assert.DoesNotContain("BANNED", after, StringComparison.Ordinal);
        Assert.Contains(", BANNED since ", whileBanned, StringComparison.Ordinal);
        Assert.DoesNotContain("SILENT", whileBanned, StringComparison.Ordinal);
        Assert.Contains("SILENT for 60 minutes or longer: 1 nodes, the longest first: stolen since ", status, StringComparison.Ordinal);
        client.Dispose();
        node.Dispose();
    }

    [Fact]
    public async Task Nodes_ListAndRemove_ForgetNodes()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        foreach (string node in (string[])["a", "b", "c"])
        {
            (await relay.Anonymous.PostAsJsonAsync(Routes.CheckInsOf(node), Reports.Valid(node), RelayApiJson.Default.CheckIn))
                .EnsureSuccessStatusCode();
        }

        (_, string before, _) = await RunAsync(relay, "nodes", "list");
        (int one, _, _) = await RunAsync(relay, "nodes", "remove", "a");
        (int unknown, _, string error) = await RunAsync(relay, "nodes", "remove", "a");
        (int neither, _, _) = await RunAsync(relay, "nodes", "remove");
        (int rest, string removed, _) = await RunAsync(relay, "nodes", "remove", "--not-seen-for", "0");
        (_, string after, _) = await RunAsync(relay, "nodes", "list");

        Assert.Equal((0, 1, 1, 0), (one, unknown, neither, rest));
        Assert.Equal(3, before.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("'a'", error, StringComparison.Ordinal);
        Assert.Contains("2 nodes", removed, StringComparison.Ordinal);
        Assert.Empty(after);
    }
}
