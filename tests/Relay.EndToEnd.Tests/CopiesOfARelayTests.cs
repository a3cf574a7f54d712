using System.CommandLine;
using System.Net.Http.Json;
using System.Text;
using Relay.Server.Cli;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Api;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>What a real relay publishes, carried to nodes without it: by a static server, and by a file.</summary>
public sealed class CopiesOfARelayTests : PublishedRelay
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mirror_FromARunningRelay_ServesANodeWhenTheRelayIsGone(bool fromFolder)
    {
        string mirror = Folder.Combine("mirror");
        string[] original = fromFolder
            ? ["--data", Relay.DataFolder]
            : ["--relay", Relay.Address.ToString(), "--ca", Relay.CertificateAuthority];
        Assert.Equal(0, await RelayAsync(["mirror", mirror, .. original]));
        await using StaticServer cdn = await StaticServer.StartAsync(mirror);
        using NodeOfARelay node = new(Relay, SmallModel.Name);
        using SyncClient client = node.Open(options =>
        {
            options.Mirrors.Add(cdn.Address);
            options.MirrorTlsRoot = cdn.TlsRoot;
        });
        await Relay.AbortAsync();

        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        Assert.Equal(1, client.Model(SmallModel.Name).Predict([95, 10], ["tcp"]).Version);
    }

    [Fact]
    public async Task BundleExportAndNodeImport_OnAMachineWithoutNetwork_RunsTheRelease()
    {
        string bundle = Folder.Combine("stable.bundle");
        Assert.Equal(0, await RelayAsync("bundle", "export", "--out", bundle, "--data", Relay.DataFolder));

        (int imported, string shown) = await NodeAsync("import", bundle);
        (int known, string status) = await NodeAsync("status");

        Assert.Equal((0, 0), (imported, known));
        Assert.Contains($"{SmallModel.Name} 1", shown, StringComparison.Ordinal);
        Assert.Equal(shown, status);
    }

    [Fact]
    public async Task BundleExport_FromARelayThatNeedsAKey_IsTheBundleOfItsFolder()
    {
        await Relay.RestartAsync(options => options with { OpenArtifacts = false });
        using HttpResponseMessage made = await Relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest("exporter", "node"), RelayApiJson.Default.ApiKeyRequest, Cancel);
        string key = (await made.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued, Cancel))!.Text;
        await File.WriteAllTextAsync(Folder.Combine("key"), key + "\n", Cancel);
        string[] remote = ["--relay", Relay.Address.ToString(), "--ca", Relay.CertificateAuthority];

        int fromFolder = await RelayAsync("bundle", "export", "--out", Folder.Combine("folder.bundle"), "--data", Relay.DataFolder);
        int withoutKey = await RelayAsync(["bundle", "export", "--out", Folder.Combine("none.bundle"), .. remote, "--api-key", "relay_0_0"]);
        int byFile =
            await RelayAsync(["bundle", "export", "--out", Folder.Combine("file.bundle"), .. remote, "--api-key-file", Folder.Combine("key")]);
        int byKey = await RelayAsync(["bundle", "export", "--out", Folder.Combine("key.bundle"), .. remote, "--api-key", key]);
        int both = await RelayAsync(
            ["bundle", "export", "--out", Folder.Combine("x"), .. remote, "--api-key", key, "--api-key-file", Folder.Combine("key")]);
        int noKey = await RelayAsync(["mirror", Folder.Combine("x"), .. remote, "--api-key-file", Relay.CertificateAuthority]);
        int mirrored = await RelayAsync(["mirror", Folder.Combine("mirror"), .. remote, "--api-key-file", Folder.Combine("key")]);

        Assert.Equal(
            [0, CommandLine.Failed, 0, 0, CommandLine.Failed, CommandLine.Failed, 0], [fromFolder, withoutKey, byFile, byKey, both, noKey, mirrored]);
        byte[] expected = await File.ReadAllBytesAsync(Folder.Combine("folder.bundle"), Cancel);
        Assert.Equal(expected, await File.ReadAllBytesAsync(Folder.Combine("file.bundle"), Cancel));
        Assert.Equal(expected, await File.ReadAllBytesAsync(Folder.Combine("key.bundle"), Cancel));
        Assert.DoesNotContain(Directory.GetFiles(Folder.FullPath),
            file => file.EndsWith(".part", StringComparison.Ordinal) || file.EndsWith("none.bundle", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NodePinHoldAndFollow_ByHand_StandInTheStatusUntilTaken()
    {
        string bundle = Folder.Combine("stable.bundle");
        await RelayAsync("bundle", "export", "--out", bundle, "--data", Relay.DataFolder);
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
        string bundle = Folder.Combine("stable.bundle");
        await RelayAsync("bundle", "export", "--out", bundle, "--data", Relay.DataFolder);

        (int code, string shown) = await NodeInAsync(CopyWithoutOnnxRuntime(), "import", bundle);

        Assert.Equal(0, code);
        Assert.Contains("(managed)", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NodeImport_CutOffBundle_FailsAndSaysWhy()
    {
        string bundle = Folder.Combine("stable.bundle");
        await RelayAsync("bundle", "export", "--out", bundle, "--data", Relay.DataFolder);
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
        string copy = Directory.CreateDirectory(Folder.Combine("program")).FullName;
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
        string[] options =
            ["--root", Relay.TrustedRoot, "--store", Folder.Combine("store"), "--model", SmallModel.Name, "--node", "vault"];
        CommandRun run = await RunNodeAsync(Path.Combine(folder, "relay-node.dll"), [.. arguments, .. options]);
        return (run.ExitCode, Encoding.UTF8.GetString(run.Output) + run.Errors);
    }
}
