using System.Text.Json.Nodes;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Updates;

/// <summary>What both layers of trust vouch for, under a name that is not its own.</summary>
public sealed class WrongNameTests : RunningNode
{
    [Fact]
    [Trait("Attack", "wrong-channel")]
    public async Task RefreshAsync_DocumentOfAnotherChannel_IsRefused()
    {
        const string stable = "channels/stable.json";
        const string canary = "channels/canary.json";
        TestModel model = TestModel.Create(version: 2);
        await Fixture.Honest.PublishAsync(model.Description.Name, 2, model.Onnx, channel: "canary");
        byte[] document = Fixture.Honest.Serve(Fixture.Repository.TargetPath(canary))!;
        Fixture.Repository.Forge(
            RoleNames.Channels,
            signed =>
            {
                JsonNode targets = signed["targets"]!;
                targets[stable] = targets[canary]!.DeepClone();
                signed["version"] = 99;
            },
            RoleNames.Channels);
        Fixture.Repository.Replace(Fixture.Repository.TargetPath(stable), document);

        AssertRefused(await Node.RefreshAsync(), RefusalReason.ReleaseMalformed);
    }

    [Fact]
    [Trait("Attack", "wrong-version")]
    public async Task RefreshAsync_FileOfAnotherVersion_IsRefused()
    {
        await Fixture.Honest.PublishAsync("threat-classifier", 2, TestModel.Create(version: 7).Onnx);

        AssertRefused(await Node.RefreshAsync(), RefusalReason.SchemaMismatch);
    }

    [Fact]
    [Trait("Attack", "wrong-model")]
    public async Task RefreshAsync_FileOfAnotherModel_IsRefused()
    {
        await Fixture.Honest.PublishAsync("threat-classifier", 2, TestModel.Create(name: "other", version: 2).Onnx);

        AssertRefused(await Node.RefreshAsync(), RefusalReason.SchemaMismatch);
    }
}
