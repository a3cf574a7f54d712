using System.Net.Sockets;
using System.Text;
using Sync.Node.Tests.Rest;

namespace Sync.Node.Tests.Hosting.Sockets;

/// <summary>The Unix socket whose connections have threads of their own.</summary>
public sealed class ThreadTransportTests
{
    private const string Health = "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_MoreThanThreads_AreAllAnswered()
    {
        await using ServingNode node = await ServingNode.StartAsync();
        Socket[] clients = [.. Enumerable.Range(0, 100).Select(_ => Connect(node))];

        foreach (Socket client in clients)
        {
            Assert.StartsWith("HTTP/1.1 200", await AskAsync(client, Health), StringComparison.Ordinal);
        }

        Array.ForEach(clients, client => client.Dispose());
    }

    [Fact]
    public async Task Connections_EndInsideARequest_FreeTheirThreads()
    {
        await using ServingNode node = await ServingNode.StartAsync();
        for (int i = 0; i < 200; i++)
        {
            using Socket client = Connect(node);
            await client.SendAsync("POST /v2/models/m/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), Cancel);
        }

        using Socket last = Connect(node);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(last, Health), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_InSingleBytes_IsAnswered()
    {
        await using ServingNode node = await ServingNode.StartAsync();
        using Socket client = Connect(node);
        foreach (byte one in Encoding.ASCII.GetBytes(Health)[..^1])
        {
            await client.SendAsync(new[] { one }, Cancel);
        }

        Assert.StartsWith("HTTP/1.1 200", await AskAsync(client, "\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_SentWithoutWaiting_AreAnsweredInTheirOrder()
    {
        await using ServingNode node = await ServingNode.StartAsync();
        using Socket client = Connect(node);
        await client.SendAsync(Encoding.ASCII.GetBytes(Health + Health.Replace("/v2/health/live", "/none") + Health), Cancel);
        StringBuilder answers = new();
        byte[] buffer = new byte[4096];
        while (Count(answers.ToString()) < 3)
        {
            answers.Append(Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer, Cancel)));
        }

        string[] statuses = [.. answers.ToString().Split("HTTP/1.1 ").Skip(1).Select(answer => answer[..3])];
        Assert.Equal(["200", "404", "200"], statuses);

        static int Count(string text) => text.Split("HTTP/1.1 ").Length - 1;
    }

    [Fact]
    public async Task Body_AboveTheLimit_IsRefusedAndTheServerGoesOn()
    {
        await using ServingNode node = await ServingNode.StartAsync();
        using RestClient client = new(node.Socket);

        RestReply reply = await client.PostAsync("/v2/models/m/infer", new string(' ', 3 << 20));

        Assert.Equal(413, reply.Status);
        Assert.Equal(200, (await client.GetAsync("/v2/health/live")).Status);
    }

    [Fact]
    public async Task Stop_ConnectionsThatWait_AreClosed()
    {
        ServingNode node = await ServingNode.StartAsync();
        using Socket client = Connect(node);
        await AskAsync(client, Health);

        await node.DisposeAsync();

        Assert.Equal(0, await client.ReceiveAsync(new byte[1], Cancel));
    }

    private static Socket Connect(ServingNode node)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(node.Socket));
        return socket;
    }

    private static async Task<string> AskAsync(Socket client, string request)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes(request), Cancel);
        byte[] buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer, Cancel));
    }
}
