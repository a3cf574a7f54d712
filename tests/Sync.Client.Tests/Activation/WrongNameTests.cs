using System.Text.Json.Nodes;
using Relay.TestKit.Models;
using Shared.Contracts.Trust;

namespace Sync.Client.Tests.Activation;

/// <summary>What both layers of trust vouch for, under a name that is not its own.</summary>
public sealed class WrongNameTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;
    private SyncClient _node = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        await _fixture.PublishAsync(TestModel.Create(version: 1));
        _node = _fixture.OpenNode();
        await _node.RefreshAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _fixture.DisposeAsync();
    }

    [Fact]
    [Trait("Attack", "wrong-channel")]
    public async Task RefreshAsync_DocumentOfAnotherChannel_IsRefused()
    {
        const string stable = "channels/stable.json";
        const string canary = "channels/canary.json";
        TestModel model = TestModel.Create(version: 2);
        await _fixture.Honest.PublishAsync(model.Description.Name, 2, model.Onnx, channel: "canary");
        byte[] document = _fixture.Honest.Serve(_fixture.Repository.TargetPath(canary))!;
        _fixture.Repository.Forge(
            RoleNames.Channels,
            signed =>
            {
                JsonNode targets = signed["targets"]!;
                targets[stable] = targets[canary]!.DeepClone();
                signed["version"] = 99;
            },
            RoleNames.Channels);
        _fixture.Repository.Replace(_fixture.Repository.TargetPath(stable), document);

        await AssertRefusedAsync(RefusalReason.ReleaseMalformed);
    }

    [Fact]
    [Trait("Attack", "wrong-version")]
    public async Task RefreshAsync_FileOfAnotherVersion_IsRefused()
    {
        await _fixture.Honest.PublishAsync("threat-classifier", 2, TestModel.Create(version: 7).Onnx);

        await AssertRefusedAsync(RefusalReason.SchemaMismatch);
    }

    [Fact]
    [Trait("Attack", "wrong-model")]
    public async Task RefreshAsync_FileOfAnotherModel_IsRefused()
    {
        await _fixture.Honest.PublishAsync("threat-classifier", 2, TestModel.Create(name: "other", version: 2).Onnx);

        await AssertRefusedAsync(RefusalReason.SchemaMismatch);
    }

    private async Task AssertRefusedAsync(RefusalReason reason)
    {
        Assert.Equal(reason, (await _node.RefreshAsync()).Refusal?.Reason);
        Assert.Equal(1, _node.Models.Single().Active.Version);
    }
}
