using Relay.TestKit;
using Relay.TestKit.Models;
using Sync.Node.Hosting;

namespace Sync.Node.Tests.Hosting;

/// <summary>The probe of a container, over both ways to a running 'serve'.</summary>
public sealed class HealthCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_BeforeAndAfterTheFirstRelease_IsLiveAndThenReady()
    {
        await using ServingNode node = await ServingNode.StartAsync();
        foreach (string? socket in (string?[])[null, node.Socket])
        {
            Assert.Equal(0, await HealthCommand.RunAsync(node.Rest, socket, isLive: true, Cancel));
            Assert.Equal(1, await HealthCommand.RunAsync(node.Rest, socket, isLive: false, Cancel));
        }

        await node.ActivateAsync(TestModel.Create());

        Assert.Equal(0, await HealthCommand.RunAsync(node.Rest, socket: null, isLive: false, Cancel));
        Assert.Equal(0, await HealthCommand.RunAsync(node.Rest, node.Socket, isLive: false, Cancel));
    }

    [Fact]
    public async Task Health_WhereNothingOrSomethingElseAnswers_Fails()
    {
        using TemporaryFolder folder = new();
        await using ServingNode node = await ServingNode.StartAsync();

        Assert.Equal(1, await HealthCommand.RunAsync(new($"http://127.0.0.1:{LocalPort.FindFree()}"), socket: null, isLive: true, Cancel));
        Assert.Equal(1, await HealthCommand.RunAsync(node.Rest, folder.Combine("none.sock"), isLive: true, Cancel));
        Assert.Equal(1, await HealthCommand.RunAsync(node.Grpc, socket: null, isLive: true, Cancel));
    }
}
