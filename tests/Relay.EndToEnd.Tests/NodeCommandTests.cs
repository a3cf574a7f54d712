using System.Text;
using System.Text.Json;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>relay-node as a process, with all of its options, beside a relay, a mirror and a running app.</summary>
public sealed class NodeCommandTests : PublishedRelay
{
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
    public async Task Refresh_MaintenanceWindowThatIsNone_SaysWhatToWrite()
    {
        CommandRun run = await NodeAsync(["refresh", .. All[..^1], "at night"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("'at night' is no maintenance window", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_WhileAnAppRuns_ShowsTheStoreAndRefusesToChangeIt()
    {
        using NodeOfARelay node = new(Relay, SmallModel.Name);
        string store = "";
        using SyncClient app = node.Open(options => store = options.StoreFolder);
        await app.RefreshAsync(Cancel);
        string[] options = ["--root", Relay.TrustedRoot, "--store", store, "--model", SmallModel.Name];

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

    [Fact]
    public async Task LocalCommands_AfterARefresh_AnswerFromTheStore()
    {
        await NodeAsync(["refresh", .. All]);
        await File.WriteAllTextAsync(Folder.Combine("rows.csv"), "rate,size,protocol,verdict\n90,10,tcp,\n5,20,udp,\n", Cancel);
        string[] store = ["--root", Relay.TrustedRoot, "--store", Folder.Combine("store"), "--model", SmallModel.Name];

        CommandRun predict = await NodeAsync(["predict", Folder.Combine("rows.csv"), .. store]);
        CommandRun explain = await NodeAsync(["explain", "--row", """{"rate":90,"size":10,"protocol":"tcp"}""", .. store]);
        CommandRun status = await NodeAsync(["status", "--json", .. store]);
        CommandRun doctor = await NodeAsync(["doctor", .. store, "--relay", Relay.Address.ToString(), "--ca", Relay.CertificateAuthority]);

        string[] answers = Encoding.UTF8.GetString(predict.Output).Split('\n');
        Assert.True(predict.ExitCode == 0, predict.Errors);
        Assert.Equal(4, answers.Length);
        Assert.StartsWith("label,probability_", answers[0], StringComparison.Ordinal);
        Assert.StartsWith("flood,", answers[1], StringComparison.Ordinal);
        Assert.True(explain.ExitCode == 0, explain.Errors);
        Assert.Contains("flood", Encoding.UTF8.GetString(explain.Output), StringComparison.Ordinal);
        using JsonDocument read = JsonDocument.Parse(status.Output);
        Assert.Equal(1, read.RootElement.GetProperty("release").GetInt32());
        Assert.Equal(SmallModel.Name, read.RootElement.GetProperty("models")[0].GetProperty("name").GetString());
        Assert.True(doctor.ExitCode == 0, Encoding.UTF8.GetString(doctor.Output) + doctor.Errors);
    }

    [Fact]
    public async Task Project_OfTheNode_IsAToolByItsName()
    {
        CommandRun run = (await CommandRun.TryAsync(
            "dotnet", ["msbuild", "-getProperty:PackAsTool,IsPackable,PackageId,ToolCommandName"], RepositoryRoot.Combine("Sync.Node")))!;

        Assert.True(run.ExitCode == 0, run.Errors);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(
            ["true", "true", "Relay.Node", "relay-node"],
            json.RootElement.GetProperty("Properties").EnumerateObject().Select(property => property.Value.GetString()));
    }

    private string[] All =>
    [
        "--root", Relay.TrustedRoot, "--store", Folder.Combine("store"), "--channel", "stable", "--node", "hand", "--model", SmallModel.Name,
        "--relay", Relay.Address.ToString(), "--mirror", "https://localhost:1/", "--mirror", "https://localhost:2/", "--ca",
        Relay.CertificateAuthority,
        "--maintenance-window", "Mon-Fri 22:00-04:00 Europe/Berlin",
    ];

    internal static Task<CommandRun> NodeAsync(params string[] words) => RunNodeAsync(typeof(Sync.Node.NodeCommandLine).Assembly.Location, words);
}
