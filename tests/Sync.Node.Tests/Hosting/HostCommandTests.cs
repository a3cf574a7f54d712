using System.Net;
using System.Net.Sockets;
using Relay.TestKit;
using Sync.Node.Hosting;
using Sync.Node.Tests.Rest;

namespace Sync.Node.Tests.Hosting;

/// <summary>'run' and 'serve' as processes: what systemd hears of them, and how they end.</summary>
public sealed class HostCommandTests
{
    [Fact]
    public async Task Run_UnderSystemd_IsReadyFeedsTheWatchdogAndEndsBySigterm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "systemd is not there");
        await using NodeProcess node = NodeProcess.Start("run");

        await node.WaitForAsync("READY=1\nSTATUS=no release yet");
        await node.WaitForAsync("WATCHDOG=1");
        await node.SignalAsync("TERM");
        await node.WaitForAsync("STOPPING=1");

        Assert.Equal((0, ""), await node.WaitForExitAsync());
    }

    [Fact]
    public async Task Serve_AfterAKill_ServesAtTheSameSocketAndEndsBySigterm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are not there");
        using TemporaryFolder folder = new();
        string path = folder.Combine("rest.sock");
        using (Socket left = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".kept");
        }

        File.Move(path + ".kept", path);
        await using NodeProcess node = NodeProcess.Start("serve", "--socket", path);
        await node.WaitForAsync("READY=1");
        using (RestClient client = new(path))
        {
            Assert.Equal(503, (await client.GetAsync("/v2/health/ready")).Status);
        }

        await using (NodeProcess second = NodeProcess.Start("serve", "--socket", path))
        {
            (int code, string errors) = await second.WaitForExitAsync();
            Assert.Equal(1, code);
            Assert.Contains("another process serves", errors, StringComparison.Ordinal);
        }

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite,
            OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path));
        await node.SignalAsync("TERM");
        Assert.Equal((0, ""), await node.WaitForExitAsync());
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("--listen", "http://0.0.0.0:0", "--insecure-allow-remote")]
    [InlineData("--listen-grpc", "http://[::]:0", "--insecure-allow-remote")]
    [InlineData("--listen", "https://127.0.0.1:0", "http://127.0.0.1:8000")]
    public async Task Serve_WhereItMayNot_IsOneLineThatSaysWhatToDo(string option, string value, string expected)
    {
        await using NodeProcess node = NodeProcess.Start("serve", option, value);

        (int code, string errors) = await node.WaitForExitAsync();

        Assert.Equal(1, code);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortInUse_IsOneLineAndNoException()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        await using NodeProcess node = NodeProcess.Start("serve", "--listen", $"http://{other.LocalEndpoint}");

        (int code, string errors) = await node.WaitForExitAsync();

        Assert.Equal(1, code);
        Assert.Contains($"{other.LocalEndpoint}: address already in use", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors + await node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RemoveStale_FileThatIsNoSocket_StaysAndIsRefused()
    {
        using TemporaryFolder folder = new();
        string file = folder.Combine("important");
        File.WriteAllText(file, "");

        Assert.Throws<IOException>(() => SocketFiles.RemoveStale(file));

        Assert.True(File.Exists(file));
    }
}
