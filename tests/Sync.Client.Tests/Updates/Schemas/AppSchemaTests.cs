using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client.Tests.Updates.Schemas;

/// <summary>What an app says of the schema that it was built for, by its options or the type of its rows.</summary>
public sealed class AppSchemaTests : SchemaScene
{
    [Fact]
    public async Task RestoreAsync_AppDeployedForTheNewSchema_LeavesTheOldReleaseAndTakesTheNewOne()
    {
        (await OpenAndRefreshAsync()).Dispose();
        await Fixture.PublishAsync(Create("input fewer", version: 2));
        Fixture.Options.AddModel("threat-classifier", s => s.Inputs = ["f0", "f1", "f2"]);

        using SyncClient node = await RestartAsync();
        bool before = node.Models.Single().IsReady;
        RefreshResult result = await node.RefreshAsync();

        Assert.False(before);
        Assert.Equal(new RefreshResult(Activated: true, null), result);
        Assert.Equal(2, node.Models.Single().Predict(new float[3]).Version);
    }

    [Fact]
    public async Task RestoreAsync_StatedSchemaThatTheStoredReleaseLacks_IsRefusedWithTheReason()
    {
        (await OpenAndRefreshAsync()).Dispose();
        Fixture.Options.AddModel("threat-classifier", s => s.Inputs = ["f0", "f2", "f1", "f3"]);
        Fixture.KillRelay();

        using SyncClient node = await RestartAsync();

        Assert.False(node.Models.Single().IsReady);
        Assert.Equal(nameof(RefusalReason.SchemaMismatch), node.Status.RecentRefusals.Single().Reason);
    }

    [Fact]
    public async Task RefreshAsync_FirstReleaseThatTheStatementDoesNotFit_IsRefused()
    {
        Fixture.Options.AddModel("threat-classifier", s => s.Inputs = ["f0", "f1", "f2"]);
        using SyncClient node = Fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal((false, RefusalReason.SchemaMismatch), (result.Activated, result.Refusal?.Reason));
        Assert.False(node.Models.Single().IsReady);
    }

    [Fact]
    public async Task RefreshAsync_StatedInputsOnly_KeepsClassesOfTheFirstRelease()
    {
        Fixture.Options.AddModel("threat-classifier", s => s.Inputs = ["f0", "f1", "f2", "f3"]);
        (await OpenAndRefreshAsync()).Dispose();
        await Fixture.PublishAsync(Create("other class order", version: 2));

        using SyncClient node = await RestartAsync();
        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task RefreshAsync_AppThatTakesAnySchema_TakesIt()
    {
        Fixture.Options.AddModel("threat-classifier", s => s.AnySchema = true);
        using SyncClient node = await OpenAndRefreshAsync();
        await Fixture.PublishAsync(Create("input fewer", version: 2));

        Assert.True((await node.RefreshAsync()).Activated);
        Assert.Equal(nameof(SchemaSource.Any), node.Status.Models.Single().SchemaSource);
    }

    [Theory]
    [InlineData("other order", true)]
    [InlineData("input fewer", true)]
    [InlineData("input more", false)]
    [InlineData("other class order", false)]
    [InlineData("class more", false)]
    [InlineData("other benign class", false)]
    [InlineData("other task", false)]
    public async Task RefreshAsync_RowType_FillsInputsByNameAndKeepsClassesAndTask(string difference, bool fits)
    {
        Fixture.Options.AddModel<Row>("threat-classifier");
        using SyncClient node = await OpenAndRefreshAsync();
        TestModel second = Create(difference, version: 2);
        await Fixture.PublishAsync(second);

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal((fits, fits ? null : RefusalReason.SchemaMismatch), (result.Activated, result.Refusal?.Reason));
        Assert.Equal(fits ? 2 : 1, node.Model<Row>().Predict(new(1, 2, 3, 4)).Version);
    }

    private sealed record Row(float F0, float F1, float F2, float F3);
}
