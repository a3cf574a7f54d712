using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client.Tests.Updates.Schemas;

/// <summary>Releases whose schema is not that of the release before, by every way to a node: none of them ever answers a call.</summary>
public sealed class OtherSchemaTests : SchemaScene
{
    public static TheoryData<string> OtherSchemas =>
        ["input fewer", "input more", "other order", "other name", "other type", "other class order", "class fewer", "class more",
            "other benign class", "other task"];

    [Theory]
    [MemberData(nameof(OtherSchemas))]
    [Trait("Attack", "other-schema")]
    public async Task RefreshAsync_OtherSchema_IsRefusedReportedAndTheActiveReleaseAnswersOn(string difference)
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await Fixture.PublishAsync(Create(difference, version: 2));

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal((false, RefusalReason.SchemaMismatch), (result.Activated, result.Refusal?.Reason));
        AssertRuns(node, 1);
        Assert.Contains(node.Status.RecentRefusals, r => r.Reason == nameof(RefusalReason.SchemaMismatch));
        Assert.Contains(Fixture.Server.CheckIns.Last().Refusals, r => r.Reason == nameof(RefusalReason.SchemaMismatch));
        Assert.Empty(node.Status.Quarantine);
    }

    [Fact]
    public async Task RefreshAsync_OtherSchema_SaysWhatDiffersAndWhatToDo()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await Fixture.PublishAsync(Create("other order", version: 2));

        Refusal refusal = (await node.RefreshAsync()).Refusal!;

        Assert.Contains("input 2 is 'f2' and was 'f1'", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains(nameof(SyncClient.AcceptNextSchemaAsync), refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefreshAsync_OtherSchemaThenTheOldOneAgain_GoesOnByItself()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await Fixture.PublishAsync(Create("input fewer", version: 2));
        await node.RefreshAsync();
        await Fixture.PublishAsync(TestModel.Create(version: 3));

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(new RefreshResult(Activated: true, null), result);
        AssertRuns(node, 3);
    }

    [Fact]
    public async Task RefreshAsync_RefusedSchema_IsNotLoadedAgainAtEachPoll()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await Fixture.PublishAsync(Create("input fewer", version: 2));
        await node.RefreshAsync();
        foreach (string file in Directory.EnumerateFiles(Fixture.ArtifactsFolder).Where(f => !f.Contains(First.Sha256, StringComparison.Ordinal)))
        {
            File.Delete(file);
        }

        Fixture.Server.Requests.Clear();
        RefreshResult again = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, again.Refusal?.Reason);
        Assert.DoesNotContain(Fixture.Server.Requests, r => r.Path.Contains("model.onnx", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("input fewer")]
    [InlineData("other order")]
    public async Task RefreshAsync_OtherSchemaAfterARestart_IsRefused(string difference)
    {
        (await OpenAndRefreshAsync()).Dispose();
        await Fixture.PublishAsync(Create(difference, version: 2));

        using SyncClient node = await RestartAsync();
        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task RefreshAsync_RevokedAndTheLastGoodOneHasAnotherSchema_AnswersNothingRatherThanWrongly()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await node.AcceptNextSchemaAsync();
        TestModel second = Create("other order", version: 2);
        await Fixture.PublishAsync(second);
        await node.RefreshAsync();
        await Fixture.Honest.Policy.RevokeAsync([second.Sha256], CancellationToken.None);

        await node.RefreshAsync();

        Assert.False(node.Models.Single().IsReady);
        Assert.Contains(node.Status.RecentRefusals, r => r.Reason == nameof(RefusalReason.SchemaMismatch));
    }

    [Fact]
    public async Task PinAsync_ReleaseWithAnotherSchema_IsRefusedAndTheSteeringStays()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        int release = (await Fixture.PublishAsync(Create("other order", version: 2))).Number;

        RefreshResult result = await node.PinAsync(release);

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        Assert.Equal(NodeSteering.Following, node.Status.Steering);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task ImportAsync_BundleWithAnotherSchema_IsRefused()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await Fixture.PublishAsync(Create("input more", version: 2));
        await Fixture.Honest.ExportBundleAsync(Fixture.Combine("bundle.tar"));

        RefreshResult result = await node.ImportAsync(Fixture.Combine("bundle.tar"));

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task Status_ActiveModel_HasTheHashOfItsCardAndWhereTheSchemaComesFrom()
    {
        using SyncClient node = await OpenAndRefreshAsync();

        ActiveModel active = Fixture.Server.CheckIns.Last().Models.Single();

        Assert.Equal((First.Description.SchemaHash, nameof(SchemaSource.FirstRelease)), (active.SchemaHash, active.SchemaSource));
        Assert.Equal(First.Description.SchemaHash, node.Models.Single().Active.SchemaHash);
    }
}
