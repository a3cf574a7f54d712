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

public sealed partial class CommandLineTests(PublishedRelay fixture)
{
    [Fact]
    public async Task TrainPublishStatus_AgainstARelay_PrintTheOutcome()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using TemporaryFolder folder = new();

        (int trained, string training, _) = await RunAsync(
            relay, "train", SpecFile(folder, SmallModel.Spec()), "--train", SmallModel.TrainFile, "--test", SmallModel.TestFile);
        (int published, string publication, _) = await RunAsync(relay, "publish", "small", "--channel", "canary");
        (int back, _, _) = await RunAsync(relay, "publish", "--release", "1", "--channel", "canary");
        (int shown, string status, _) = await RunAsync(relay, "status");

        Assert.Equal((0, 0, 0, 0), (trained, published, back, shown));
        Assert.Contains("small version 1", training, StringComparison.Ordinal);
        Assert.Contains("canary runs release 1: small 1", publication, StringComparison.Ordinal);
        Assert.Contains("channel canary: release 1", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_InvalidSpec_NamesFileLineAndColumn()
    {
        using TemporaryFolder folder = new();
        string path = folder.Combine("bad.json");
        File.WriteAllText(path, "{\n  \"name\": 3\n}");

        (int code, _, string error) = await RunAsync(fixture.Relay, "train", path, "--train", SmallModel.TrainFile);

        Assert.Equal(CommandLine.Failed, code);
        Assert.Contains($"{path}: line 2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("publish", "unknown")]
    [InlineData("publish", "small@x")]
    [InlineData("publish")]
    [InlineData("train", "unknown", "--train", "x.csv")]
    public async Task Command_RelayRefuses_IsOneLineAndFails(params string[] arguments)
    {
        (int code, _, string error) = await RunAsync(fixture.Relay, arguments);

        Assert.Equal(CommandLine.Failed, code);
        Assert.StartsWith("relay: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NoRelayListens_Fails()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.StopAsync();

        (int code, _, string error) = await RunAsync(relay, "status");

        Assert.Equal(CommandLine.Failed, code);
        Assert.StartsWith("relay: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_Cancelled_CancelsTheRunToo()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using TemporaryFolder folder = new();
        using CancellationTokenSource ctrlC = new();

        Task<(int Code, string Output, string Error)> command = RunAsync(
            relay, ctrlC.Token, "train", SpecFile(folder, SmallModel.SlowSpec()), "--train", SmallModel.LargeFile);
        await Eventually.GetAsync(
            () => relay.Admin.GetStringAsync(Routes.TrainingRuns), runs => runs.Contains("\"fit\"", StringComparison.Ordinal),
            "the run fits trees");

        await ctrlC.CancelAsync();
        (int code, _, _) = await command;
        await relay.WaitForRunAsync(1, r => r.State is TrainingRunState.Cancelled);

        Assert.Equal(CommandLine.Cancelled, code);
    }

    [Fact]
    [Trait("Attack", "terminal-text")]
    public async Task Status_CheckInThatMovesTheCursor_IsShownEscapedOnItsOwnLine()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        CheckIn report = Reports.Valid("node-1") with
        {
            Refusals = [new(nameof(RefusalReason.UnlistedTarget), "x\u001b[2J", "y\nnode node-2: stable release 9\u202e\r", default)],
            Steering = "\u001b[1A",
        };
        (await relay.Anonymous.PostAsJsonAsync(Routes.CheckInsOf("node-1"), report, RelayApiJson.Default.CheckIn)).EnsureSuccessStatusCode();

        (int code, string status, _) = await RunAsync(relay, "status");
        (int listed, string nodes, _) = await RunAsync(relay, "nodes", "list");

        Assert.Equal((0, 0), (code, listed));
        Assert.Contains("  refused x\\u001b[2J: UnlistedTarget, y\\nnode node-2: stable release 9\\u202e\\r", status, StringComparison.Ordinal);
        Assert.Single(status.Split('\n'), line => line.StartsWith("node ", StringComparison.Ordinal));
        Assert.DoesNotContain(status + nodes, c => c != '\n' && char.IsControl(c));
    }

    [Fact]
    public async Task Status_RevokedVersionSilentNodeAndWrongChannel_NamesTheNodes()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync(trees: 2);
        await relay.PublishAsync("stable", version);
        (await relay.Admin.PostAsync(Routes.RevokeOf(version.Name, version.Version), null)).EnsureSuccessStatusCode();
        RevocationView revoked = Assert.Single(
            (await relay.Admin.GetFromJsonAsync(Routes.Revocations, RelayApiJson.Default.PageRevocationView))!.Items);
        await ReportAsync(relay, Reports.Valid("node-1") with { Models = [new("small", 1, revoked.Sha256, "managed", 1, 0)] });
        await ReportAsync(relay, Reports.Valid("node-2") with { Channel = "stabel" });
        await ReportAsync(relay, Reports.Valid("node-3"));
        long before = TimeProvider.System.GetUtcNow().AddHours(-3).ToUnixTimeMilliseconds();
        using (System.Data.Common.DbConnection connection = relay.OpenDatabase())
        {
            connection.Execute("UPDATE nodes SET seen_at = @before WHERE id = 'node-3'", new { before });
        }

        (int code, string status, _) = await RunAsync(relay, "status");
        (int structured, string json, _) = await RunAsync(relay, "status", "--json");

        Assert.Equal((0, 0), (code, structured));
        Assert.Contains("STILL RELEASED on channel stable", status, StringComparison.Ordinal);
        Assert.Contains("STILL RUNS on 1 nodes, by their latest reports: node-1", status, StringComparison.Ordinal);
        Assert.Contains("1 nodes, the longest first: node-3 since ", status, StringComparison.Ordinal);
        Assert.Contains("NO SUCH CHANNEL: node-2 follows stabel", status, StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse(json).RootElement;
        Assert.Single(json.TrimEnd().Split('\n'));
        JsonElement running = Assert.Single(report.GetProperty("revoked").EnumerateArray());
        Assert.Equal(["node-1"], running.GetProperty("nodes").EnumerateArray().Select(node => node.GetString()));
        Assert.True(running.GetProperty("revocation").GetProperty("inForce").GetBoolean());
        Assert.Equal("node-3", Assert.Single(report.GetProperty("silent").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("stabel", Assert.Single(report.GetProperty("withoutChannel").EnumerateArray()).GetProperty("channel").GetString());
        Assert.Equal(3, report.GetProperty("nodes").GetArrayLength());
        Assert.Equal(1, report.GetProperty("relay").GetProperty("versions").GetInt32());
        Assert.NotEqual(0, report.GetProperty("trust").GetProperty("expiries").GetArrayLength());
    }

    private static async Task ReportAsync(TestRelay relay, CheckIn report) =>
        (await relay.Anonymous.PostAsJsonAsync(Routes.CheckInsOf(report.Node), report, RelayApiJson.Default.CheckIn)).EnsureSuccessStatusCode();

    [Fact]
    public async Task Fleet_AfterReports_PrintsNodesAndRefusals()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        foreach (string node in (string[])["a", "b"])
        {
            (await relay.Anonymous.PostAsJsonAsync(Routes.CheckInsOf(node), Reports.Valid(node), RelayApiJson.Default.CheckIn))
                .EnsureSuccessStatusCode();
        }

        (int code, string fleet, _) = await RunAsync(relay, "fleet", "--hours", "1");
        (int refused, _, string error) = await RunAsync(relay, "fleet", "--hours", "0");

        Assert.Equal((0, 1), (code, refused));
        Assert.Contains("2 nodes (2 new), 0 stale, 2 with an artifact in quarantine", fleet, StringComparison.Ordinal);
        Assert.Contains("2 ArtifactHashMismatch", fleet, StringComparison.Ordinal);
        Assert.Contains("hours", error, StringComparison.Ordinal);
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(TestRelay relay, params string[] arguments) =>
        RunAsync(relay, CancellationToken.None, arguments);

    private static async Task<(int Code, string Output, string Error)> RunAsync(
        TestRelay relay, CancellationToken cancellationToken, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await CommandLine.RunAsync(
            RelayCommand.Create(),
            [.. arguments, "--relay", relay.Address.ToString(), "--ca", relay.CertificateAuthority, "--key", relay.AdminKey],
            output, error, cancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private static string SpecFile(TemporaryFolder folder, ModelSpec spec)
    {
        string path = folder.Combine("spec.json");
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(spec, ModelJson.Default.ModelSpec));
        return path;
    }
}
