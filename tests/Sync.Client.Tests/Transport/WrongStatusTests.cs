using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Sync.Client.Transport;

namespace Sync.Client.Tests.Transport;

/// <summary>A relay that answers with a status which is no answer to the request.</summary>
public sealed class WrongStatusTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NodeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    public static TheoryData<int, string> WrongAnswers
    {
        get
        {
            TheoryData<int, string> all = [];
            foreach (int status in (int[])[201, 204, 206, 304, 418])
            {
                foreach (string file in (string[])["2.root.json", "timestamp.json", "policy.json", "model.onnx"])
                {
                    all.Add(status, file);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    [Trait("Attack", "wrong-status")]
    public async Task RefreshAsync_StatusThatIsNoAnswer_IsRefusedAndTheMirrorAsked(int status, string file)
    {
        await using MirrorFixture mirror = await MirrorFixture.StartAsync(_fixture);
        await _fixture.PublishAsync(TestModel.Create());
        _fixture.Server.Instead = (http, path) =>
        {
            http.Response.StatusCode = path.EndsWith(file, StringComparison.Ordinal) ? status : 200;
            return Task.FromResult(http.Response.StatusCode != 200);
        };
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.Null(result.Refusal);
        Assert.Equal(1, node.Models.Single().Active.Version);
        Assert.All(node.Status.RecentRefusals, r => Assert.Contains(
            r.Reason, (string[])[nameof(RefusalReason.TransportUnavailable), nameof(RefusalReason.TransportForbiddenRedirect)]));
        Assert.NotEmpty(node.Status.RecentRefusals);
    }

    [Fact]
    [Trait("Attack", "wrong-status")]
    public async Task RefreshAsync_NotModifiedForWhatTheNodeNeverHad_IsARefusal()
    {
        await _fixture.PublishAsync(TestModel.Create());
        _fixture.Server.Instead = (http, _) =>
        {
            http.Response.StatusCode = 304;
            return Task.FromResult(true);
        };
        using SyncClient node = _fixture.OpenNode();

        Assert.Equal(RefusalReason.TransportUnavailable, (await node.RefreshAsync()).Refusal?.Reason);
    }

    [Fact]
    [Trait("Attack", "dropped-packets")]
    public async Task RefreshAsync_PacketsOfTheRelayAreDropped_IsUnavailableAndNoException()
    {
        // The grace of a slow body is longer than the connection's own time-out, whose exception looks like a cancellation. A listener that does not
        // answer stands for dropped packets: an address without a host gives another error where there is no network.
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        Uri address = new($"https://{silent.LocalEndpoint}/");
        RelaySyncBudgets budgets = new() { SlowBodyGrace = TimeSpan.FromMinutes(1), Retries = 0 };
        using RelayHttp http = new(address, tlsRoot: null, budgets, TimeProvider.System, TimeSpan.FromMilliseconds(200));

        Fetched fetched = await http.GetAsync("x", 10, RefusalReason.MetadataTooLarge, known: null, default);

        Assert.Equal(RefusalReason.TransportUnavailable, fetched.Refusal?.Reason);
    }
}
