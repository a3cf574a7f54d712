using System.IO.Compression;
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
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task RefreshAsync_PackedAnswer_IsRefusedUnopened(string encoding)
    {
        using MemoryStream bomb = new();
        using (GZipStream packer = new(bomb, CompressionLevel.Optimal, leaveOpen: true))
        {
            packer.Write(new byte[10_000_000]);
        }

        await Fixture.PublishAsync(TestModel.Create(version: 2));
        Fixture.Server.Instead = async (http, _) =>
        {
            http.Response.Headers.ContentEncoding = encoding;
            await http.Response.Body.WriteAsync(bomb.ToArray());
            return true;
        };
        AssertRefused(await Node.RefreshAsync(), RefusalReason.TransportUnavailable);
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
}
