using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Push;

/// <summary>Updates from the files that an event stream brings.</summary>
public sealed class PushedUpdateTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;
    private EventServer _events = null!;
    private PushingRelay _relay = null!;
    private HostedNode _node = null!;

    private SyncClient Node => _node.Client;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        _events = new EventServer(_fixture.Server);
        _relay = new PushingRelay(_fixture.Honest, _events);
        await _fixture.PublishAsync(TestModel.Create(version: 1));
        _node = await HostedNode.StartAsync(_fixture);
        await _node.HasStreamAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task Files_OfAPublication_LeaveTheArtifactAloneToFetch()
    {
        HashSet<string> before = _relay.Files();
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _fixture.Server.Requests.Clear();

        _relay.Push(_relay.Collect(before));
        await _node.ActiveAsync(2);

        string request = Assert.Single(_fixture.Server.Requests, request => !request.Path.StartsWith("v1/", StringComparison.Ordinal)).Path;
        Assert.EndsWith("model.onnx", request, StringComparison.Ordinal);
        await PollUnchangedAsync();
    }

    [Fact]
    public async Task Files_WithTheArtifact_LeaveNothingToFetch()
    {
        HashSet<string> before = _relay.Files();
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _fixture.Server.Requests.Clear();

        _relay.Push(_relay.Collect(before, withArtifacts: true));
        await _node.ActiveAsync(2);

        Assert.DoesNotContain(_fixture.Server.Requests, request => !request.Path.StartsWith("v1/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_ThatLackSome_AreFetchedAsEver()
    {
        HashSet<string> before = _relay.Files();
        await _fixture.PublishAsync(TestModel.Create(version: 2));

        _relay.Push(_relay.Collect(before, file => file.StartsWith("metadata/", StringComparison.Ordinal)));

        await _node.ActiveAsync(2);
    }

    [Theory]
    [InlineData("timestamp.json")]
    [InlineData("snapshot.json")]
    [InlineData("channels.json")]
    [InlineData("stable.json")]
    [InlineData("model.onnx.p7s")]
    [InlineData("model.onnx")]
    [Trait("Attack", "forged-event-files")]
    public async Task Files_WithOneThatIsNotTheSignedOne_AreRefusedAndTheNextPollFetchesIt(string altered)
    {
        HashSet<string> before = _relay.Files();
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        (Dictionary<string, byte[]> metadata, Dictionary<string, byte[]> targets) = _relay.Collect(before, withArtifacts: true);
        Dictionary<string, byte[]> files = metadata.Keys.Any(IsMeant) ? metadata : targets;
        foreach (byte[] content in files.Where(file => IsMeant(file.Key)).Select(file => file.Value))
        {
            content[content.Length / 2] ^= 1;
        }

        _relay.Push((metadata, targets));
        await Eventually.TrueAsync(() => Node.Status.CurrentRefusals.Count > 0, "the file is refused");

        Assert.Equal(1, Node.Models.Single().Active.Version);
        await Node.RefreshAsync(TestContext.Current.CancellationToken);
        await _node.ActiveAsync(2);

        bool IsMeant(string name) => name.EndsWith(altered, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "rollback-timestamp")]
    public async Task Files_WithAnEarlierTimestamp_AreNoWayBack()
    {
        byte[] old = _fixture.Honest.Serve(MisbehavingRepository.TimestampPath)!;
        HashSet<string> before = _relay.Files();
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _relay.Push(_relay.Collect(before));
        await _node.ActiveAsync(2);

        _relay.Push((new() { ["timestamp.json"] = old }, []), claimed: long.MaxValue);
        await Eventually.TrueAsync(() => Node.Status.CurrentRefusals.Count > 0, "the timestamp is refused");

        Assert.Equal(2, Node.Models.Single().Active.Version);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"timestamp\":9,\"eTag\":null,\"root\":-1,\"metadata\":null,\"targets\":null}")]
    [InlineData("{\"timestamp\":9,\"eTag\":\"<\",\"root\":9,\"metadata\":{\"timestamp.json\":null},\"targets\":{}}")]
    [InlineData("{\"timestamp\":9,\"eTag\":\"<\",\"root\":9,\"metadata\":{\"timestamp.json\":\"!\"},\"targets\":{}}")]
    [InlineData("{\"timestamp\":9,\"eTag\":\"<\",\"root\":9,\"metadata\":{\"../../x\":\"AAAA\"},\"targets\":{\"/etc/x\":\"AAAA\"}}")]
    [Trait("Attack", "forged-event-files")]
    public async Task Files_ThatAreMalformed_AreNoEvent(string data)
    {
        _events.Send($"event: files\ndata: {data}\n\n");
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _events.SendHint(1_000_000);

        await _node.ActiveAsync(2);
        Assert.True(Node.Status.HasEventStream);
        Assert.Empty(Node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Files_AfterARotationOfRoot_AreVerifiedByTheNewRoot()
    {
        HashSet<string> before = _relay.Files();
        await _fixture.Honest.RotateAsync(RoleNames.Snapshot);
        TestModel second = TestModel.Create(version: 2);
        await _fixture.Honest.PublishRestartedAsync(second.Description.Name, 2, second.Onnx);

        _relay.Push(_relay.Collect(before));

        await _node.ActiveAsync(2);
    }

    /// <summary>The timestamp of the stream has the tag of the relay: the next look costs one request, and that one has no body.</summary>
    private async Task PollUnchangedAsync()
    {
        _fixture.Server.Requests.Clear();
        await Node.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            [MisbehavingRepository.TimestampPath],
            _fixture.Server.Requests.Select(request => request.Path).Where(path => !path.StartsWith("v1/", StringComparison.Ordinal)));
    }
}
