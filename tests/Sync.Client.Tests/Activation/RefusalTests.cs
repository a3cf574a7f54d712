using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts.Trust;

namespace Sync.Client.Tests.Activation;

/// <summary>What is wrong on the way or in a file is refused by its own reason, and what runs goes on.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private const string ModelPath = "models/threat-classifier/2/model.onnx";
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

    [Theory]
    [InlineData(ModelPath, RefusalReason.ArtifactHashMismatch)]
    [InlineData(ModelPath + ".p7s", RefusalReason.SignatureFileMismatch)]
    [InlineData("releases/2.json", RefusalReason.ArtifactHashMismatch)]
    [InlineData("channels/stable.json", RefusalReason.ArtifactHashMismatch)]
    [Trait("Attack", "flipped-byte")]
    public async Task RefreshAsync_FlippedByteInATarget_IsRefusedAndTakenOnceItIsWhole(string target, RefusalReason reason)
    {
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _fixture.Repository.FlipByte(_fixture.Repository.TargetPath(target));

        RefreshResult refused = await _node.RefreshAsync();
        AssertRefused(refused, reason);
        Assert.Empty(_node.Status.Quarantine);

        _fixture.Repository.Behave();
        Assert.True((await _node.RefreshAsync()).Activated);
    }

    [Fact]
    [Trait("Attack", "endless-body")]
    public async Task RefreshAsync_EndlessModel_IsRefusedAsTooLarge()
    {
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _fixture.Repository.Endless(_fixture.Repository.TargetPath(ModelPath));

        AssertRefused(await _node.RefreshAsync(), RefusalReason.ArtifactTooLarge);
    }

    [Fact]
    public async Task RefreshAsync_MissingModel_IsRefusedAsUnavailable()
    {
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _fixture.Repository.Remove(_fixture.Repository.TargetPath(ModelPath));

        AssertRefused(await _node.RefreshAsync(), RefusalReason.TransportUnavailable);
    }

    [Fact]
    public async Task RefreshAsync_ModelOverTheNodesOwnLimit_IsRefusedAsTooLarge()
    {
        _fixture.Options.Budgets.ArtifactBytes = 100;
        _node.Dispose();
        _node = _fixture.OpenNode();
        await _fixture.PublishAsync(TestModel.Create(version: 2));

        Assert.Equal(RefusalReason.ArtifactTooLarge, (await _node.RefreshAsync()).Refusal?.Reason);
    }

    [Fact]
    [Trait("Attack", "rollback-timestamp")]
    [Trait("Attack", "rollback-restart")]
    public async Task RefreshAsync_ReplayedTimestamp_IsRefusedAsRollbackAlsoAfterARestart()
    {
        byte[] old = _fixture.Honest.Serve(MisbehavingRepository.TimestampPath)!;
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        await _node.RefreshAsync();
        _fixture.Repository.Replace(MisbehavingRepository.TimestampPath, old);

        Assert.Equal(RefusalReason.MetadataRollback, (await _node.RefreshAsync()).Refusal?.Reason);
        _node.Dispose();
        _node = _fixture.OpenNode();
        await _node.RestoreAsync();

        Assert.Equal(RefusalReason.MetadataRollback, (await _node.RefreshAsync()).Refusal?.Reason);
        Assert.Equal(2, _node.Models.Single().Active.Version);
    }

    [Fact]
    [Trait("Attack", "unsigned")]
    public async Task RefreshAsync_TimestampOfAStranger_IsRefusedForItsSignature()
    {
        _fixture.Repository.Forge(RoleNames.Timestamp, signed => signed["version"] = 99L, "snapshot");

        AssertRefused(await _node.RefreshAsync(), RefusalReason.MetadataSignature);
    }

    [Fact]
    [Trait("Attack", "malformed-json")]
    public async Task RefreshAsync_MetadataThatIsNoJson_IsRefusedAsMalformed()
    {
        _fixture.Repository.Replace(MisbehavingRepository.TimestampPath, "{"u8.ToArray());

        AssertRefused(await _node.RefreshAsync(), RefusalReason.MetadataMalformed);
    }

    [Theory]
    [InlineData("golden", RefusalReason.GoldenVectorMismatch)]
    [InlineData("label", RefusalReason.GoldenVectorMismatch)]
    [InlineData("name", RefusalReason.SchemaMismatch)]
    [InlineData("bytes", RefusalReason.OnnxMalformed)]
    [InlineData("external", RefusalReason.OnnxForbidden)]
    [Trait("Attack", "wrong-model")]
    [Trait("Attack", "external-data")]
    [Trait("Attack", "malformed-protobuf")]
    public async Task RefreshAsync_RightlySignedButBroken_IsQuarantinedAndNotTriedAgain(string fault, RefusalReason reason)
    {
        byte[] broken = Break(fault);
        await _fixture.Honest.PublishAsync("threat-classifier", 2, broken);

        AssertRefused(await _node.RefreshAsync(), reason);
        _fixture.Server.Requests.Clear();
        AssertRefused(await _node.RefreshAsync(), reason);

        Assert.Equal((2, reason.ToString()), (_node.Status.Quarantine.Single().Version, _node.Status.Quarantine.Single().Reason));
        Assert.Single(_fixture.Server.Requests);
        Assert.Single(_node.Status.RecentRefusals);
        Assert.Equal(reason.ToString(), Assert.Single(_fixture.Server.CheckIns.Last().Refusals).Reason);
    }

    [Fact]
    public async Task RefreshAsync_ModelSlowerThanTheBudget_IsRefusedAsTooSlow()
    {
        // The managed scorer needs no longer for this model than the smallest budget.
        _fixture.Options.Scorer = ScorerChoice.OnnxRuntime;
        _fixture.Options.Budgets.TryOutLatency = TimeSpan.FromTicks(1);
        _fixture.Options.Scorer = ScorerChoice.OnnxRuntime;
        _node.Dispose();
        _node = _fixture.OpenNode();
        await _fixture.PublishAsync(TestModel.Create(version: 2));

        Assert.Equal(RefusalReason.TryOutTooSlow, (await _node.RefreshAsync()).Refusal?.Reason);
    }

    [Fact]
    [Trait("Attack", "wrong-root")]
    public async Task RefreshAsync_SignatureByAnUnpinnedRoot_IsRefusedAsUntrusted()
    {
        using TestRepository stranger = await TestRepository.CreateAsync();
        TestModel model = TestModel.Create(version: 2);
        await _fixture.Honest.Publisher.PublishAsync(
            new([new("threat-classifier", 2, model.Onnx, stranger.Signer.Sign(model.Onnx))], "stable"), CancellationToken.None);

        AssertRefused(await _node.RefreshAsync(), RefusalReason.CmsUntrustedSigner);
    }

    [Fact]
    [Trait("Attack", "wrong-model")]
    public async Task RefreshAsync_SignatureOfAnotherFile_IsRefused()
    {
        TestModel model = TestModel.Create(version: 2);
        await _fixture.Honest.Publisher.PublishAsync(
            new([new("threat-classifier", 2, model.Onnx, _fixture.Honest.Signer.Sign("other"u8))], "stable"), CancellationToken.None);

        AssertRefused(await _node.RefreshAsync(), RefusalReason.CmsSignature);
    }

    [Fact]
    [Trait("Attack", "revoked-active")]
    public async Task RefreshAsync_ActiveModelRevoked_GoesBackToTheOneBefore()
    {
        TestModel second = TestModel.Create(version: 2);
        await _fixture.PublishAsync(second);
        await _node.RefreshAsync();
        await _fixture.Honest.Publisher.RevokeAsync([second.Sha256], CancellationToken.None);

        RefreshResult result = await _node.RefreshAsync();

        Assert.Equal(RefusalReason.ArtifactRevoked, result.Refusal?.Reason);
        Assert.Equal(1, _node.Models.Single().Active.Version);
    }

    [Fact]
    [Trait("Attack", "revoked-active")]
    public async Task RefreshAsync_AllReleasesUnderTheMinimum_AnswersNothing()
    {
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        await _fixture.Honest.Publisher.RaiseMinimumReleaseAsync(2, CancellationToken.None);
        _fixture.Repository.FlipByte(_fixture.Repository.TargetPath(ModelPath));

        await _node.RefreshAsync();

        RelayModelException refused = Assert.Throws<RelayModelException>(() => _node.Models.Single().Predict(new float[4]));
        Assert.Equal(RelayModelFault.NotReady, refused.Fault);
    }

    private void AssertRefused(RefreshResult result, RefusalReason reason)
    {
        Assert.Equal(reason, result.Refusal?.Reason);
        Assert.Equal(1, _node.Models.Single().Active.Version);
        Assert.Equal(1, _node.Models.Single().Predict(new float[4]).Version);
    }

    private static byte[] Break(string fault) => fault switch
    {
        "golden" => TestModel.Create(version: 2, alterGolden: TestModel.SpoilOne).Onnx,
        "label" => TestModel.Create(version: 2, alterGolden: g => g with { Labels = [.. g.Labels.Select(_ => "ddos")] }).Onnx,
        "name" => TestModel.Create("another", version: 2).Onnx,
        "bytes" => TestModel.Create(version: 2).Onnx[..^40],
        _ => WithExternalData(TestModel.Create(version: 2).Onnx),
    };

    private static byte[] WithExternalData(byte[] onnx)
    {
        Shared.Contracts.Onnx.ModelProto model = Shared.Contracts.Onnx.ModelProto.Parser.ParseFrom(onnx);
        model.Graph.Initializer.Add(new Shared.Contracts.Onnx.TensorProto
        {
            Name = "outside",
            DataLocation = Shared.Contracts.Onnx.TensorProto.Types.DataLocation.External,
            ExternalData = { new Shared.Contracts.Onnx.StringStringEntryProto { Key = "location", Value = "/etc/passwd" } },
        });
        return Google.Protobuf.MessageExtensions.ToByteArray(model);
    }
}
