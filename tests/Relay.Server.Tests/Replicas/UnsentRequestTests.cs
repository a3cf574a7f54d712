using System.Net;
using System.Net.Sockets;
using Relay.Server.Replicas;

namespace Relay.Server.Tests.Replicas;

/// <summary>Which requests may go to the next relay, because none can have got them.</summary>
public sealed class UnsentRequestTests
{
    /// <summary>A machine that is gone without a word accepts nothing: a request that changes something may go to the next relay.</summary>
    [Fact]
    public async Task WasNotSent_NoConnectionInTime_IsTrue()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using HttpMessageInvoker client = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        using HttpRequestMessage request = new(HttpMethod.Post, $"https://{silent.LocalEndpoint}/v1/models");

        Exception? cause = await Record.ExceptionAsync(() => client.SendAsync(request, CancellationToken.None));

        Assert.True(RequestForwarder.WasNotSent(cause), $"{cause}");
    }

    [Fact]
    public async Task WasNotSent_NoAnswerInTime_IsFalse()
    {
        await using ReplicaWithStub replica = await ReplicaWithStub.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using CancellationTokenSource patience = new(TimeSpan.FromMilliseconds(200));

        Exception? cause = await Record.ExceptionAsync(() => replica.Client.PostAsync("/v1/models", null, patience.Token));

        Assert.IsAssignableFrom<OperationCanceledException>(cause);
        Assert.False(RequestForwarder.WasNotSent(cause), $"{cause}");
    }
}
