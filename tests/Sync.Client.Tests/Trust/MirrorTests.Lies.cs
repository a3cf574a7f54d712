using Microsoft.AspNetCore.Http;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Trust;

// Mirrors and relays that lie.
public sealed partial class MirrorTests
{
    [Theory]
    [Trait("Attack", "lying-mirror")]
    [InlineData(RoleNames.Timestamp)]
    [InlineData(RoleNames.Snapshot)]
    [InlineData(RoleNames.Targets)]
    [InlineData(RoleNames.Channels)]
    [Trait("Attack", "lying-mirror")]
    [Trait("Attack", "flipped-byte")]
    public async Task RefreshAsync_MirrorThatLiesAboutARole_IsRefusedAndTheNextOneServes(string role)
    {
        _fixture.KillRelay();
        _first.Repository.FlipByte(_first.Repository.MetadataPath(role));

        AssertTaken(await _node.RefreshAsync());

        Assert.Contains(_node.Status.RecentRefusals, r => r.Subject == role && r.Detail.Contains(
            _first.Server.Address.AbsoluteUri, StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Attack", "lying-mirror")]
    [InlineData(ModelPath, RefusalReason.ArtifactHashMismatch)]
    [InlineData(ModelPath + ".p7s", RefusalReason.SignatureFileMismatch)]
    [InlineData("releases/2.json", RefusalReason.ArtifactHashMismatch)]
    [InlineData("channels/stable.json", RefusalReason.ArtifactHashMismatch)]
    [Trait("Attack", "lying-mirror")]
    [Trait("Attack", "flipped-byte")]
    public async Task RefreshAsync_MirrorThatLiesAboutAFile_IsRefusedAndTheNextOneServes(string target, RefusalReason reason)
    {
        _fixture.KillRelay();
        _first.Repository.FlipByte(_first.Repository.TargetPath(target));

        AssertTaken(await _node.RefreshAsync(), reason);
    }

    [Fact]
    [Trait("Attack", "lying-mirror")]
    public async Task RefreshAsync_RelayLies_MirrorServesAndTheRelayIsToldOfItOnce()
    {
        _fixture.Repository.FlipByte(_fixture.Repository.TargetPath(ModelPath));

        AssertTaken(await _node.RefreshAsync(), RefusalReason.ArtifactHashMismatch);
        await _node.RefreshAsync();

        Assert.Single(_fixture.Server.CheckIns);
        Assert.Equal(nameof(RefusalReason.ArtifactHashMismatch), _fixture.Server.CheckIns.Single().Refusals.Single().Reason);
    }

    [Fact]
    [Trait("Attack", "lying-mirror")]
    [Trait("Attack", "rollback-timestamp")]
    public async Task RefreshAsync_MirrorWithOlderTimestampThanTheNode_IsPassedOver()
    {
        byte[] old = _fixture.Honest.Serve(MisbehavingRepository.TimestampPath)!;
        await _fixture.PublishAsync(TestModel.Create(version: 3));
        await _node.RefreshAsync();
        _first.Repository.Replace(MisbehavingRepository.TimestampPath, old);
        _fixture.KillRelay();

        RefreshResult result = await _node.RefreshAsync();

        Assert.Null(result.Refusal);
        Assert.Contains(_node.Status.RecentRefusals, r => r.Reason == nameof(RefusalReason.MetadataRollback));
    }

    [Fact]
    [Trait("Attack", "lying-mirror")]
    public async Task RefreshAsync_MirrorSendsHalfAFalseFile_TheNextOneSendsAllOfIt()
    {
        _fixture.KillRelay();
        string model = _first.Repository.TargetPath(ModelPath);
        _first.Server.Instead = async (http, path) =>
        {
            if (path != model)
            {
                return false;
            }

            await http.Response.Body.WriteAsync(new byte[1000]);
            return true;
        };

        AssertTaken(await _node.RefreshAsync(), RefusalReason.ArtifactLengthMismatch);

        Assert.Equal(["bytes=1000-", ""], _second.Server.Requests.Where(r => r.Path == model).Select(r => r.Range));
    }

    [Fact]
    [Trait("Attack", "lying-mirror")]
    public async Task RefreshAsync_AllLie_TheRelaysRefusalIsTheAnswerAndWhatRunsGoesOn()
    {
        foreach (MisbehavingRepository one in (MisbehavingRepository[])[_fixture.Repository, _first.Repository, _second.Repository])
        {
            one.FlipByte(one.TargetPath(ModelPath));
        }

        RefreshResult result = await _node.RefreshAsync();

        Assert.Equal(RefusalReason.ArtifactHashMismatch, result.Refusal?.Reason);
        Assert.Contains(_fixture.Server.Address.AbsoluteUri, result.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Equal(1, _node.Models.Single().Predict(new float[4]).Version);
    }
}
