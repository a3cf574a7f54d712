using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Publishing;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Repository.Publishing;

/// <summary>The roads by which a channel gets a release that no HTTP route has yet, or that wait for signatures.</summary>
public sealed class SchemaChangePublishingTests
{
    private static readonly TestModel First = TestModel.Create(version: 1);
    private static readonly TestModel Other = TestModel.Create(version: 2, numbers: 3);

    [Fact]
    public async Task PublishAsync_CandidateWithAnotherSchema_IsRefusedUntilAcceptedAndThenNotAskedAboutAgain()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        await repository.PublishAsync("threat-classifier", 1, First.Onnx);

        Result<Publication, PublishRefusal> refused = await PublishAsync(repository, Other, percentage: 10);
        Result<Publication, PublishRefusal> accepted = await PublishAsync(repository, Other, percentage: 10, accepts: true);
        PublishRefusal? promoted = await repository.Releases.PointChannelAsync("stable", 2, null, CancellationToken.None);
        PublishRefusal? back = await repository.Releases.PointChannelAsync("stable", 1, null, CancellationToken.None);

        Assert.Equal(PublishRefusalReason.SchemaChange, refused.Refusal?.Reason);
        Assert.Equal(("threat-classifier", 2, 1), (refused.Refusal!.SchemaChanges[0].Model, refused.Refusal.SchemaChanges[0].Version,
            refused.Refusal.SchemaChanges[0].Running));
        Assert.True(accepted.IsAccepted);
        Assert.Null(promoted);
        Assert.Equal(PublishRefusalReason.SchemaChange, back?.Reason);
    }

    [Fact]
    public async Task PointChannelAsync_EndOfACandidateWithAnotherSchema_IsNotAskedAbout()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        await repository.PublishAsync("threat-classifier", 1, First.Onnx);
        await PublishAsync(repository, Other, percentage: 10, accepts: true);

        Assert.Null(await repository.Releases.PointChannelAsync("stable", 1, null, CancellationToken.None));
    }

    [Fact]
    public async Task PointChannelAsync_CandidateWithAnotherSchema_IsRefused()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        await repository.PublishAsync("threat-classifier", 1, First.Onnx);
        await repository.PublishAsync("threat-classifier", 2, Other.Onnx, channel: "canary");

        PublishRefusal? refusal = await repository.Releases.PointChannelAsync(
            "stable", 1, new ReleaseCandidate(2, 1, "salt"), CancellationToken.None);

        Assert.Equal(PublishRefusalReason.SchemaChange, refusal?.Reason);
        Assert.Null(repository.Read().Channels["stable"].Candidate);
    }

    [Fact]
    public async Task PublishAsync_FileWithoutASchema_IsAChangeOfOneThatHasIt()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        await repository.PublishAsync("threat-classifier", 1, First.Onnx);

        Result<Publication, PublishRefusal> refused = await repository.Releases.PublishAsync(
            new([new("threat-classifier", 2, new byte[] { 1, 2, 3 }, repository.Signer.Sign([1, 2, 3]))], "stable"), CancellationToken.None);

        Assert.Equal(PublishRefusalReason.SchemaChange, refused.Refusal?.Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SignAsync_ChannelRunsAnotherSchemaByThen_PublishesOnlyWhatAcceptsIt(bool accepts)
    {
        using TestRepository repository = await TestRepository.CreateOfflineAsync();
        await repository.PublishAsync("threat-classifier", 1, First.Onnx);
        await repository.PublishAsync("threat-classifier", 2, Other.Onnx, channel: "canary");
        byte[] third = TestModel.Create(version: 3).Onnx;
        PublishRequest request = new([new("threat-classifier", 3, third, repository.Signer.Sign(third))], "stable");
        string id = (await repository.Releases.PublishAsync(request, CancellationToken.None)).Value!.Pending!;
        Assert.Null(await repository.Releases.PointChannelAsync("stable", 2, null, acceptsSchemaChange: true, CancellationToken.None));
        if (accepts)
        {
            PublishRequest accepting = request with { AcceptsSchemaChange = true };
            Assert.Equal(id, (await repository.Releases.PublishAsync(accepting, CancellationToken.None)).Value!.Pending);
        }

        MetadataSignature signature = repository.SignOffline(id, "targets-1");
        Result<Approval, ApprovalRefusal> approval = await repository.Approvals.SignAsync(id, [signature], CancellationToken.None);

        Assert.Equal((accepts, accepts ? null : ApprovalRefusalReason.SchemaChange), (approval.IsAccepted, approval.Refusal?.Reason));
        Assert.Equal(accepts ? 3 : 2, repository.Read().Channels["stable"].Release);
    }

    private static Task<Result<Publication, PublishRefusal>> PublishAsync(
        TestRepository repository, TestModel model, double? percentage = null, bool accepts = false) => repository.Releases.PublishAsync(
            new([new(model.Description.Name, model.Description.Version, model.Onnx, repository.Signer.Sign(model.Onnx))], "stable", percentage)
            {
                AcceptsSchemaChange = accepts,
            },
            CancellationToken.None);
}
