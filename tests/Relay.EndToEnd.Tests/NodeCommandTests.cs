using System.Text;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>relay-node as a process, with all of its options, beside a relay, a mirror and a running app.</summary>
public sealed class NodeCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestRelay _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Refresh_WithEachOption_RunsTheRelease()
    {
        CommandRun run = await NodeAsync(["refresh", .. All]);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains($"{SmallModel.Name} 1", Encoding.UTF8.GetString(run.Output), StringComparison.Ordinal);
        Assert.StartsWith("hand on stable: release 1", Encoding.UTF8.GetString(run.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--relay")]
    [InlineData("--mirror")]
    public async Task Refresh_AddressThatIsNone_IsOneLineAndNoException(string option)
    {
        CommandRun run = await NodeAsync("refresh", "--model", "m", option, "relay:60002");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("'relay:60002' is no https:// address.", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_WhileAnAppRuns_ShowsTheStoreAndRefusesToChangeIt()
    {
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        string store = "";
        using SyncClient app = node.Open(options => store = options.StoreFolder);
        await app.RefreshAsync(Cancel);
        string[] options = ["--root", _relay.TrustedRoot, "--store", store, "--model", SmallModel.Name];

        CommandRun status = await NodeAsync(["status", .. options]);
        CommandRun hold = await NodeAsync(["hold", .. options]);

        string shown = Encoding.UTF8.GetString(status.Output);
        Assert.True(status.ExitCode == 0, status.Errors);
        Assert.Contains($"{SmallModel.Name} 1", shown, StringComparison.Ordinal);
        Assert.Contains("another process has the store open", shown, StringComparison.Ordinal);
        Assert.Equal(1, hold.ExitCode);
        Assert.Contains("in use by another process", hold.Errors, StringComparison.Ordinal);
        Assert.Equal(NodeSteering.Following, app.Status.Steering);
    }

    private string[] All =>
    [
        "--root", _relay.TrustedRoot, "--store", _folder.Combine("store"), "--channel", "stable", "--node", "hand", "--model", SmallModel.Name,
        "--relay", _relay.Address.ToString(), "--mirror", "https://localhost:1/", "--mirror", "https://localhost:2/", "--ca", _relay.CertificateAuthority,
    ];

    private static async Task<CommandRun> NodeAsync(params string[] words) =>
        (await CommandRun.TryAsync("dotnet", [typeof(Sync.Node.NodeCommandLine).Assembly.Location, .. words]))!;
}
