using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Trust;

// Answers without an end.
public sealed partial class AttackTests
{
    [Theory]
    [Trait("Attack", "gzip-bomb")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip, gzip")]
    public async Task RefreshAsync_PackedAnswerThatWasNotAskedFor_IsRefusedUnopened(string encoding)
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        SendInstead(encoding, "", GZip.Pack(new byte[10_000_000]));

        AssertRefused(await Node.RefreshAsync(), RefusalReason.TransportUnavailable);
    }

    [Theory]
    [Trait("Attack", "gzip-bomb")]
    [InlineData("", RefusalReason.MetadataTooLarge)]
    [InlineData(".targets.json", RefusalReason.MetadataTooLarge)]
    [InlineData("model.onnx", RefusalReason.ArtifactTooLarge)]
    public async Task RefreshAsync_BombInThePackingThatNodesAskFor_IsRefusedAtTheBound(string file, RefusalReason reason)
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        SendInstead("gzip", file, GZip.Pack(new byte[100_000_000]));

        AssertRefused(await Node.RefreshAsync(), reason);
    }

    [Theory]
    [Trait("Attack", "endless-body")]
    [InlineData(RoleNames.Timestamp)]
    [InlineData(RoleNames.Snapshot)]
    [InlineData(RoleNames.Targets)]
    [InlineData(RoleNames.Channels)]
    [InlineData(RoleNames.Root)]
    [Trait("Attack", "endless-body")]
    public async Task RefreshAsync_EndlessMetadata_IsRefusedAsTooLarge(string role)
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        Fixture.Repository.Endless(role == RoleNames.Root ? "metadata/2.root.json" : Fixture.Repository.MetadataPath(role));

        AssertRefused(await Node.RefreshAsync(), RefusalReason.MetadataTooLarge);
    }

    [Theory]
    [Trait("Attack", "endless-body")]
    [InlineData(ModelPath)]
    [InlineData(ModelPath + ".p7s")]
    [InlineData("releases/2.json")]
    [InlineData("channels/stable.json")]
    [Trait("Attack", "endless-body")]
    public async Task RefreshAsync_EndlessTarget_IsRefusedAsTooLarge(string target)
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        Fixture.Repository.Endless(Fixture.Repository.TargetPath(target));

        AssertRefused(await Node.RefreshAsync(), RefusalReason.ArtifactTooLarge);
    }

    private void SendInstead(string encoding, string file, byte[] body) => Fixture.Server.Instead = async (http, _) =>
    {
        if (!http.Request.Path.Value!.EndsWith(file, StringComparison.Ordinal))
        {
            return false;
        }

        http.Response.Headers.ContentEncoding = encoding;
        await http.Response.Body.WriteAsync(body);
        return true;
    };
}
