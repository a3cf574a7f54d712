using System.Net;
using System.Net.Sockets;
using Relay.AdminClient;
using Relay.Server.Cli;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Cli;

public sealed class RelayApiTests
{
    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("DELETE with an answer")]
    public async Task Request_RelayThatDoesNotAnswer_IsSaidAndIsNoCancellation(string kind)
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using RelayApi relay = Connect(silent);
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        RelayException failed = await Assert.ThrowsAsync<RelayException>(() => kind switch
        {
            "GET" => relay.GetAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats, cancellationToken),
            "DELETE" => relay.DeleteAsync(Routes.NodeOf("a"), cancellationToken),
            _ => relay.DeleteAsync(Routes.Nodes, RelayApiJson.Default.NodesRemoved, cancellationToken),
        });

        Assert.Contains("did not answer", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_CanceledByTheCaller_StaysACancellation()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using RelayApi relay = Connect(silent);
        using CancellationTokenSource canceled = new();
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => relay.GetAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats, canceled.Token));
    }

    private static RelayApi Connect(TcpListener listener) => new(new HttpClient
    {
        BaseAddress = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"),
        Timeout = TimeSpan.FromMilliseconds(200),
    });
}
