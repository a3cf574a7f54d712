using System.CommandLine;
using System.Text.RegularExpressions;
using Relay.Server.Cli;
using Relay.Server.Cli.Keys;
using Relay.TestKit;
using Shared.Contracts;
using Shared.Contracts.Json;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>The commands of docs/guides/keys.md, on the data folder of a relay that runs, with a node of it.</summary>
public sealed partial class KeyCommandsToNodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rotate_OnlineKeysOfARelayThatRuns_ItPublishesWithTheNewOnesAndTheNodeFollows()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using NodeOfARelay node = new(relay, SmallModel.Name);
        using SyncClient client = await StartAsync(relay, node);

        Assert.Equal(0, await RunAsync("keys", "rotate", "timestamp", "snapshot", "channels", "--data", relay.DataFolder));
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 6, Cancel));

        Assert.Null((await client.RefreshAsync(Cancel)).Refusal);
        Assert.Equal(2, client.Model(SmallModel.Name).Active.Version);
        await relay.RestartAsync();
        Assert.Null((await client.RefreshAsync(Cancel)).Refusal);
    }

    [Fact]
    public async Task RotateCmsRoot_ToItsFinish_NodeRunsTheModelUnderTheNewRoot()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using NodeOfARelay node = new(relay, SmallModel.Name);
        using SyncClient client = await StartAsync(relay, node);

        Assert.Equal(0, await RunAsync("keys", "rotate", "cms-root", "--data", relay.DataFolder));
        Assert.Equal(CommandLine.Failed, await RunAsync("keys", "rotate", "cms-root", "--finish", "--data", relay.DataFolder));
        await relay.RestartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 6, Cancel));
        Assert.Equal(0, await RunAsync("keys", "rotate", "cms-root", "--finish", "--data", relay.DataFolder));

        Assert.Null((await client.RefreshAsync(Cancel)).Refusal);
        Assert.Equal(2, client.Model(SmallModel.Name).Active.Version);
        Assert.Equal(0, await RunAsync("keys", "rotate", "cms-signer", "--data", relay.DataFolder));
        await relay.RestartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 8, Cancel));
        Assert.True((await client.RefreshAsync(Cancel)).Activated);
    }

    [Fact]
    public async Task Revoke_LostRootKeyOfOfflineOnes_TwoPeopleSignAndTheNodeFollows()
    {
        Assert.Equal(0, await RunAsync("keys", "init", _folder.Combine("ceremony")));
        string online = _folder.Combine("ceremony/online");
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { KeysFolder = online });
        using NodeOfARelay node = new(relay, SmallModel.Name);
        using SyncClient client = node.Open();
        string lost = await KeyIdAsync("keys", "create", _folder.Combine("not-root-2.pem"));
        Assert.Equal(CommandLine.Failed, await RunAsync("keys", "revoke", lost, "--data", relay.DataFolder));

        await RunAsync("keys", "create", _folder.Combine("root-4.pem"));
        string second = KeyId(await OutputAsync("keys", "status", "--data", relay.DataFolder), line: 2);
        Assert.Equal(0, await RunAsync(
            "keys", "revoke", second, "--public-key", _folder.Combine("root-4.pub.pem"), "--data", relay.DataFolder));
        string carried = _folder.Combine("root.json");
        File.Copy(Path.Combine(relay.DataFolder, "repository", "rotation", "root.json"), carried);
        foreach (string key in Directory.GetFiles(_folder.Combine("ceremony/offline"), "root-*.pem"))
        {
            Assert.Equal(0, await RunAsync("sign", carried, "--key", key));
        }

        Assert.Contains("Root 2 is current", await OutputAsync("keys", "import-root", carried, "--data", relay.DataFolder), StringComparison.Ordinal);
        Assert.Equal(CommandLine.Failed, await RunAsync("keys", "import-root", carried, "--data", relay.DataFolder));
        Assert.NotEqual(RefusalReason.MetadataSignature, (await client.RefreshAsync(Cancel)).Refusal?.Reason);
        Assert.Equal(0, await RunAsync(
            "keys", "export-root", _folder.Combine("new.json"), "--chain", _folder.Combine("chain"), "--data", relay.DataFolder));
        Assert.Equal(["1.root.json", "2.root.json"], Directory.GetFiles(_folder.Combine("chain")).Select(Path.GetFileName).Order());
    }

    private static async Task<SyncClient> StartAsync(TestRelay relay, NodeOfARelay node)
    {
        SyncClient client = node.Open();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 3, Cancel));
        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        return client;
    }

    private static async Task<string> KeyIdAsync(params string[] arguments) => HexId().Match(await OutputAsync(arguments)).Value;

    private static string KeyId(string status, int line) => status.Split('\n')[line].Trim().Split(' ')[0];

    private static async Task<int> RunAsync(params string[] arguments) =>
        await CommandLine.RunAsync(Relay(), arguments, TextWriter.Null, TextWriter.Null, Cancel);

    private static async Task<string> OutputAsync(params string[] arguments)
    {
        using StringWriter output = new();
        Assert.Equal(0, await CommandLine.RunAsync(Relay(), arguments, output, TextWriter.Null, Cancel));
        return output.ToString();
    }

    private static RootCommand Relay() => new("relay") { KeysCommand.Create(), SignCommand.Create() };

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex HexId();
}
