using System.CommandLine;
using System.Text;
using Relay.Server.Cli;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>What a real relay publishes, carried to nodes without it: by a static server, and by a file.</summary>
public sealed class CopiesOfARelayTests : IAsyncLifetime
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mirror_FromARunningRelay_ServesANodeWhenTheRelayIsGone(bool fromFolder)
    {
        string mirror = _folder.Combine("mirror");
        string[] original = fromFolder
            ? ["--data", _relay.DataFolder]
            : ["--relay", _relay.Address.ToString(), "--ca", _relay.CertificateAuthority];
        Assert.Equal(0, await RelayAsync(["mirror", mirror, .. original]));
        await using StaticServer cdn = await StaticServer.StartAsync(mirror);
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open(options =>
        {
            options.Mirrors.Add(cdn.Address);
            options.MirrorTlsRoot = cdn.TlsRoot;
        });
        await _relay.AbortAsync();

        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        Assert.Equal(1, client.Model(SmallModel.Name).Predict([95, 10], ["tcp"]).Version);
    }

    [Fact]
    public async Task BundleExportAndNodeImport_OnAMachineWithoutNetwork_RunsTheRelease()
    {
        string bundle = _folder.Combine("stable.bundle");
        Assert.Equal(0, await RelayAsync("bundle", "export", "--out", bundle, "--data", _relay.DataFolder));

        (int imported, string shown) = await NodeAsync("import", bundle);
        (int known, string status) = await NodeAsync("status");

        Assert.Equal((0, 0), (imported, known));
        Assert.Contains($"{SmallModel.Name} 1", shown, StringComparison.Ordinal);
        Assert.Equal(shown, status);
    }

    [Fact]
    public async Task NodePinHoldAndFollow_ByHand_StandInTheStatusUntilTaken()
    {
        string bundle = _folder.Combine("stable.bundle");
        await RelayAsync("bundle", "export", "--out", bundle, "--data", _relay.DataFolder);
        await NodeAsync("import", bundle);

        (int pinned, string afterPin) = await NodeAsync("pin", "1");
        (_, string later) = await NodeAsync("status");
        (int held, string afterHold) = await NodeAsync("hold");
        (int followed, string afterFollow) = await NodeAsync("follow");

        Assert.True((pinned, held, followed) == (0, 0, 0), $"{afterPin}{afterHold}{afterFollow}");
        Assert.Contains("release 1, pinned to release 1", afterPin, StringComparison.Ordinal);
        Assert.Equal(afterPin, later);
        Assert.Contains("release 1, held", afterHold, StringComparison.Ordinal);
        Assert.DoesNotContain("held", afterFollow, StringComparison.Ordinal);
        (int missing, string refused) = await NodeAsync("pin", "7");
        Assert.Equal(1, missing);
        Assert.DoesNotContain("pinned", refused, StringComparison.Ordinal);
        Assert.Contains("refused: ", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NodeImport_WithoutOnnxRuntimesLibrary_RunsTheRelease()
    {
        string bundle = _folder.Combine("stable.bundle");
        await RelayAsync("bundle", "export", "--out", bundle, "--data", _relay.DataFolder);

        (int code, string shown) = await NodeInAsync(CopyWithoutOnnxRuntime(), "import", bundle);

        Assert.Equal(0, code);
        Assert.Contains("(managed)", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NodeImport_CutOffBundle_FailsAndSaysWhy()
    {
        string bundle = _folder.Combine("stable.bundle");
        await RelayAsync("bundle", "export", "--out", bundle, "--data", _relay.DataFolder);
        byte[] whole = await File.ReadAllBytesAsync(bundle, Cancel);
        await File.WriteAllBytesAsync(bundle, whole[..^512], Cancel);

        (int code, string shown) = await NodeAsync("import", bundle);

        Assert.Equal(1, code);
        Assert.Contains("BundleMalformed", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bundle", "export", "--out", "x", "--data", "nowhere")]
    [InlineData("mirror", "x", "--data", "nowhere")]
    public async Task Command_NoRepository_Fails(params string[] arguments) => Assert.Equal(CommandLine.Failed, await RelayAsync(arguments));

    private static async Task<int> RelayAsync(params string[] arguments)
    {
        using StringWriter output = new();
        return await CommandLine.RunAsync(new RootCommand { MirrorCommand.Create(), BundleCommand.Create() }, arguments, output, output, Cancel);
    }

    // An empty file stands for each native library of ONNX Runtime: nothing that a process could load.
    private string CopyWithoutOnnxRuntime()
    {
        string copy = Directory.CreateDirectory(_folder.Combine("program")).FullName;
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        foreach (string library in Directory.EnumerateFiles(AppContext.BaseDirectory, "libonnxruntime*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(copy, Path.GetRelativePath(AppContext.BaseDirectory, library));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.WriteAllBytes(to, []);
        }

        return copy;
    }

    private Task<(int Code, string Output)> NodeAsync(params string[] arguments) => NodeInAsync(AppContext.BaseDirectory, arguments);

    private async Task<(int Code, string Output)> NodeInAsync(string folder, params string[] arguments)
    {
        string program = Path.Combine(folder, "relay-node.dll");
        string[] options =
            ["--root", _relay.TrustedRoot, "--store", _folder.Combine("store"), "--model", SmallModel.Name, "--node", "vault"];
        CommandRun run = (await CommandRun.TryAsync("dotnet", [program, .. arguments, .. options]))!;
        return (run.ExitCode, Encoding.UTF8.GetString(run.Output) + run.Errors);
    }
}
