using System.Net;
using Relay.Server.Cli;
using Relay.Server.Federation;
using Relay.TestKit;
using Relay.Training.Federated;

namespace Relay.Server.Tests.Federation;

/// <summary>What a coordinator takes, and from whom.</summary>
public sealed class CoordinatorTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FederatedRound _files = new();
    private readonly ManualTime _time = new();
    private FederatedRound.Coordinator _coordinator = null!;
    private RoundDocument _round = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.Equal(0, (await _files.PlanAsync()).Code);
        _round = RoundDocument.Parse(await File.ReadAllBytesAsync(_files.Round, Cancellation));
        _coordinator = await FederatedRound.Coordinator.StartAsync(_round, _files.PathOf("coordinator"), _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _coordinator.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    [Trait("Attack", "intruder")]
    public async Task Presence_OfAStranger_BadSignature()
    {
        using OwnerKey stranger = OwnerKey.Create();
        using HttpClient http = Client();
        byte[] message = Presence(1).ToBytes(stranger);

        Assert.Equal((HttpStatusCode.Forbidden, nameof(RoundFault.BadSignature)), await PostAsync(http, FederationRoutes.Presence, message));
        Assert.False(_coordinator.Said("joined"));
    }

    [Fact]
    [Trait("Attack", "intruder")]
    public async Task Messages_WithoutAToken_AreNotRead()
    {
        using HttpClient http = Client();
        using OwnerKey key = _files.KeyOf(0);

        (HttpStatusCode, string) unsigned = (HttpStatusCode.Forbidden, nameof(RoundFault.BadSignature));
        (HttpStatusCode, string) malformed = (HttpStatusCode.Forbidden, nameof(RoundFault.MalformedMessage));

        Assert.Equal(unsigned, await PostAsync(http, FederationRoutes.Messages, Message(0, step: 0).ToBytes(key)));
        Assert.Equal(unsigned, await PostAsync(http, FederationRoutes.Leave, Presence(0).ToBytes(key)));
        Assert.Equal(malformed, await PostAsync(http, FederationRoutes.Presence, new byte[5000]));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(http, "/", [])).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(FederationRoutes.Presence, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Connect_SameOwnerTwiceOrOtherDocument_IsRefusedAndTheRoundGoesOn()
    {
        using OwnerKey key = _files.KeyOf(1);
        await using HttpRoundTransport first = await ConnectAsync(_round, key);
        byte[] again = [.. await File.ReadAllBytesAsync(_files.Round, Cancellation), (byte)'\n'];
        using OwnerKey other = _files.KeyOf(2);

        Assert.Equal(RoundFault.AlreadyJoined, (await Assert.ThrowsAsync<RoundException>(() => ConnectAsync(_round, key))).Fault);
        Assert.Equal(
            RoundFault.OtherRound, (await Assert.ThrowsAsync<RoundException>(() => ConnectAsync(RoundDocument.Parse(again), other))).Fault);
        Assert.False(_coordinator.Ended.IsCompleted);
    }

    [Fact]
    public async Task Exchange_SecondMessageOrOneOfAnotherOwner_IsRefused()
    {
        using OwnerKey key = _files.KeyOf(0);
        using OwnerKey other = _files.KeyOf(1);
        await using HttpRoundTransport transport = await ConnectAsync(_round, key);

        Assert.Equal(RoundFault.WrongStep, Refused(transport, Message(0, step: 1).ToBytes(key)));
        Assert.Equal(RoundFault.WrongSender, Refused(transport, Message(1, step: 0).ToBytes(other)));
        Assert.Equal(RoundFault.MalformedMessage, Refused(transport, Presence(0).ToBytes(key)));
        Task<RoundFault> waiting = Task.Run(() => Refused(transport, Message(0, step: 0).ToBytes(key)), Cancellation);
        await Eventually.TrueAsync(() => _coordinator.Missing.Count == 2, "the message came", cancellationToken: Cancellation);
        Assert.Equal(RoundFault.WrongStep, Refused(transport, Message(0, step: 0).ToBytes(key)));
        await transport.LeaveAsync(key, "Stopped");
        Assert.Equal(RoundFault.OwnerLeft, await waiting);
    }

    /// <summary>A coordinator that takes the connection and says nothing more.</summary>
    [Fact]
    [Trait("Attack", "silent-coordinator")]
    public async Task Connect_CoordinatorDoesNotAnswer_CoordinatorLost()
    {
        using ManualResetEventSlim release = new();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FederatedRound.Coordinator silent = await FederatedRound.Coordinator.StartAsync(
            _round, _files.PathOf("silent"), _time, _ =>
            {
                asked.TrySetResult();
                release.Wait(Deadline, Cancellation);
            });
        using OwnerKey key = _files.KeyOf(0);
        ManualTime time = new();
        Task<HttpRoundTransport> joining = HttpRoundTransport.ConnectAsync(
            silent.Address, RelayApi.Pin(silent.Authority), _round, key, time, Cancellation);
        await asked.Task.WaitAsync(Cancellation);

        time.Advance(HttpRoundTransport.Patience);

        Assert.Equal(RoundFault.CoordinatorLost, (await Assert.ThrowsAsync<RoundException>(() => joining.WaitAsync(Deadline, Cancellation))).Fault);
        release.Set();
    }

    [Fact]
    public async Task Connect_NotAllOwnersInTime_TimedOutWithTheirNames()
    {
        using OwnerKey key = _files.KeyOf(1);
        await using HttpRoundTransport transport = await ConnectAsync(_round, key);

        _time.Advance(_round.JoinTime);

        RoundEnd end = await _coordinator.Ended;
        Assert.Equal(RoundFault.TimedOut, end.Fault);
        Assert.Contains("owner-0, owner-1, owner-2", end.Detail, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => transport.Failure?.Fault is RoundFault.TimedOut, "the owner knows", cancellationToken: Cancellation);
    }

    /// <summary>An owner that hangs keeps its connection: the time of a step ends the round.</summary>
    [Fact]
    [Trait("Attack", "silent-owner")]
    public async Task Exchange_OneOwnerSendsNothing_TimedOutWithItsName()
    {
        OwnerKey[] keys = [.. Enumerable.Range(0, 3).Select(_files.KeyOf)];
        HttpRoundTransport[] transports = [.. await Task.WhenAll(keys.Select(key => ConnectAsync(_round, key)))];
        await Task.WhenAll(keys.Index().Select(k => Task.Run(() => transports[k.Index].Exchange(Message(k.Index, 0).ToBytes(k.Item), Cancellation))));
        Task<RoundFault>[] waiting =
            [.. keys.Take(2).Index().Select(k => Task.Run(() => Refused(transports[k.Index], Message(k.Index, 1).ToBytes(k.Item))))];
        await Eventually.TrueAsync(() => _coordinator.Missing is ["owner-2"], "two messages came", cancellationToken: Cancellation);

        _time.Advance(_round.StepTime);

        Assert.Equal([RoundFault.TimedOut, RoundFault.TimedOut], await Task.WhenAll(waiting));
        Assert.Contains("owner-2 sent nothing at step 1", (await _coordinator.Ended).Detail, StringComparison.Ordinal);
        foreach (HttpRoundTransport transport in transports)
        {
            await transport.DisposeAsync();
        }
    }

    [Fact]
    public async Task Exchange_CoordinatorStops_CoordinatorLost()
    {
        using OwnerKey key = _files.KeyOf(0);
        await using HttpRoundTransport transport = await ConnectAsync(_round, key);
        Task<RoundFault> waiting = Task.Run(() => Refused(transport, Message(0, 0).ToBytes(key)), Cancellation);

        await _coordinator.DisposeAsync();

        Assert.Contains(await waiting, new[] { RoundFault.CoordinatorLost, RoundFault.OwnerLost });
    }

    private RoundMessage Presence(int owner) => new(MessageKind.Presence, owner, 0, _round.Digest, new byte[32], default);

    private RoundMessage Message(int owner, long step) => new(MessageKind.Hello, owner, step, _round.Digest, new byte[32], new byte[16]);

    private static RoundFault Refused(HttpRoundTransport transport, byte[] message) =>
        Assert.Throws<RoundException>(() => transport.Exchange(message, Cancellation)).Fault;

    private Task<HttpRoundTransport> ConnectAsync(RoundDocument round, OwnerKey key) =>
        HttpRoundTransport.ConnectAsync(_coordinator.Address, RelayApi.Pin(_coordinator.Authority), round, key, TimeProvider.System, Cancellation);

    private HttpClient Client()
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(_coordinator.Authority);
        return new HttpClient(handler)
        {
            BaseAddress = _coordinator.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private static async Task<(HttpStatusCode Status, string Fault)> PostAsync(HttpClient http, string path, byte[] body)
    {
        using HttpResponseMessage response = await http.PostAsync(path, new ByteArrayContent(body), Cancellation);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        return (response.StatusCode, text.Length == 0 ? "" : System.Text.Json.Nodes.JsonNode.Parse(text)!["fault"]!.GetValue<string>());
    }
}
