using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Onnx;
using Shared.Contracts.Tuf;
using Sync.Client.OnnxRuntime;

namespace Sync.Client.Tests.Updates;

/// <summary>What is wrong on the way or in a file is refused by its own reason, and what runs goes on.</summary>
public sealed partial class RefusalTests : RunningNode
{
    private const string ModelPath = "models/threat-classifier/2/model.onnx";

    [Theory]
    [InlineData(ModelPath, RefusalReason.ArtifactHashMismatch)]
    [InlineData(ModelPath + ".p7s", RefusalReason.SignatureFileMismatch)]
    [InlineData("releases/2.json", RefusalReason.ArtifactHashMismatch)]
    [InlineData("channels/stable.json", RefusalReason.ArtifactHashMismatch)]
    [Trait("Attack", "flipped-byte")]
    public async Task RefreshAsync_FlippedByteInATarget_IsRefusedAndTakenOnceItIsWhole(string target, RefusalReason reason)
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        Fixture.Repository.FlipByte(Fixture.Repository.TargetPath(target));

        RefreshResult refused = await Node.RefreshAsync();
        AssertRefused(refused, reason);
        Assert.Empty(Node.Status.Quarantine);

        Fixture.Repository.Behave();
        Assert.True((await Node.RefreshAsync()).Activated);
    }

    [Fact]
    [Trait("Attack", "endless-body")]
    public async Task RefreshAsync_EndlessModel_IsRefusedAsTooLarge()
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        Fixture.Repository.Endless(Fixture.Repository.TargetPath(ModelPath));

        AssertRefused(await Node.RefreshAsync(), RefusalReason.ArtifactTooLarge);
    }

    [Fact]
    public async Task RefreshAsync_MissingModel_IsRefusedAsUnavailable()
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        Fixture.Repository.Remove(Fixture.Repository.TargetPath(ModelPath));

        AssertRefused(await Node.RefreshAsync(), RefusalReason.TransportUnavailable);
    }

    [Fact]
    public async Task RefreshAsync_ModelOverTheNodesOwnLimit_IsRefusedAsTooLarge()
    {
        Fixture.Options.Budgets.ArtifactBytes = 100;
        Node.Dispose();
        Node = Fixture.OpenNode();
        await Fixture.PublishAsync(TestModel.Create(version: 2));

        Assert.Equal(RefusalReason.ArtifactTooLarge, (await Node.RefreshAsync()).Refusal?.Reason);
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
        await Fixture.Honest.PublishAsync("threat-classifier", 2, broken);

        AssertRefused(await Node.RefreshAsync(), reason);
        Fixture.Server.Requests.Clear();
        AssertRefused(await Node.RefreshAsync(), reason);

        Assert.Equal((2, reason.ToString()), (Node.Status.Quarantine.Single().Version, Node.Status.Quarantine.Single().Reason));
        Assert.Single(Fixture.Server.Requests);
        Assert.Single(Node.Status.RecentRefusals);
        Assert.Equal(reason.ToString(), Assert.Single(Fixture.Server.CheckIns.Last().Refusals).Reason);
    }

    [Fact]
    public async Task RefreshAsync_ModelSlowerThanTheBudget_IsRefusedAsTooSlow()
    {
        // The managed scorer needs no longer for this model than the smallest budget.
        Fixture.Options.UseOnnxRuntime().Scorer = ScorerChoice.OnnxRuntime;
        Fixture.Options.Budgets.TryOutLatency = TimeSpan.FromTicks(1);
        Node.Dispose();
        Node = Fixture.OpenNode();
        await Fixture.PublishAsync(TestModel.Create(version: 2));

        Assert.Equal(RefusalReason.TryOutTooSlow, (await Node.RefreshAsync()).Refusal?.Reason);
    }

    [Fact]
    [Trait("Attack", "wrong-root")]
    public async Task RefreshAsync_SignatureByAnUnpinnedRoot_IsRefusedAsUntrusted()
    {
        using TestRepository stranger = await TestRepository.CreateAsync();
        TestModel model = TestModel.Create(version: 2);
        await Fixture.Honest.Releases.PublishAsync(
            new([new("threat-classifier", 2, model.Onnx, stranger.Signer.Sign(model.Onnx))], "stable"), CancellationToken.None).AcceptedAsync();

        AssertRefused(await Node.RefreshAsync(), RefusalReason.CmsUntrustedSigner);
    }

    [Fact]
    [Trait("Attack", "wrong-model")]
    public async Task RefreshAsync_SignatureOfAnotherFile_IsRefused()
    {
        TestModel model = TestModel.Create(version: 2);
        await Fixture.Honest.Releases.PublishAsync(
            new([new("threat-classifier", 2, model.Onnx, Fixture.Honest.Signer.Sign("other"u8))], "stable"), CancellationToken.None).AcceptedAsync();

        AssertRefused(await Node.RefreshAsync(), RefusalReason.CmsSignature);
    }

    [Fact]
    [Trait("Attack", "revoked-active")]
    public async Task RefreshAsync_ActiveModelRevoked_GoesBackToTheOneBefore()
    {
        TestModel second = TestModel.Create(version: 2);
        await Fixture.PublishAsync(second);
        await Node.RefreshAsync();
        await Fixture.Honest.Policy.RevokeAsync([second.Sha256], CancellationToken.None);

        RefreshResult result = await Node.RefreshAsync();

        Assert.Equal(RefusalReason.ArtifactRevoked, result.Refusal?.Reason);
        Assert.Equal(1, Node.Models.Single().Active.Version);
    }

    [Fact]
    [Trait("Attack", "revoked-active")]
    public async Task RefreshAsync_AllReleasesUnderTheMinimum_AnswersNothing()
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        await Fixture.Honest.Policy.RaiseMinimumReleaseAsync(2, CancellationToken.None);
        Fixture.Repository.FlipByte(Fixture.Repository.TargetPath(ModelPath));

        await Node.RefreshAsync();

        RelayModelException refused = Assert.Throws<RelayModelException>(() => Node.Models.Single().Predict(new float[4]));
        Assert.Equal(RelayModelFault.NotReady, refused.Fault);
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
