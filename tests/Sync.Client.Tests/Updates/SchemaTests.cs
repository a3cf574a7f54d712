using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Sync.Client.Tests.Updates;

/// <summary>Releases whose schema is not the one that the app was built for: none of them ever answers a call.</summary>
public sealed class SchemaTests : IAsyncLifetime
{
    private readonly TestModel _first = TestModel.Create(version: 1);
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        await _fixture.PublishAsync(_first);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    public static TheoryData<string> OtherSchemas =>
        ["input fewer", "input more", "other order", "other name", "other type", "other class order", "class fewer", "class more", "other benign class", "other task"];

    private string SchemaFile => Path.Combine(_fixture.Options.StoreFolder, "schemas.json");

    [Theory]
    [MemberData(nameof(OtherSchemas))]
    [Trait("Attack", "other-schema")]
    public async Task RefreshAsync_OtherSchema_IsRefusedReportedAndTheActiveReleaseAnswersOn(string difference)
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await _fixture.PublishAsync(Create(difference, version: 2));

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal((false, RefusalReason.SchemaMismatch), (result.Activated, result.Refusal?.Reason));
        AssertRuns(node, 1);
        Assert.Contains(node.Status.RecentRefusals, r => r.Reason == nameof(RefusalReason.SchemaMismatch));
        Assert.Contains(_fixture.Server.CheckIns.Last().Refusals, r => r.Reason == nameof(RefusalReason.SchemaMismatch));
        Assert.Empty(node.Status.Quarantine);
    }

    [Fact]
    public async Task RefreshAsync_OtherSchema_SaysWhatDiffersAndWhatToDo()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await _fixture.PublishAsync(Create("other order", version: 2));

        Refusal refusal = (await node.RefreshAsync()).Refusal!;

        Assert.Contains("input 2 is 'f2' and was 'f1'", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains(nameof(SyncClient.AcceptNextSchemaAsync), refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefreshAsync_OtherSchemaThenTheOldOneAgain_GoesOnByItself()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await _fixture.PublishAsync(Create("input fewer", version: 2));
        await node.RefreshAsync();
        await _fixture.PublishAsync(TestModel.Create(version: 3));

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(new RefreshResult(Activated: true, null), result);
        AssertRuns(node, 3);
    }

    [Fact]
    public async Task RefreshAsync_RefusedSchema_IsNotLoadedAgainAtEachPoll()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await _fixture.PublishAsync(Create("input fewer", version: 2));
        await node.RefreshAsync();
        foreach (string file in Directory.EnumerateFiles(_fixture.ArtifactsFolder).Where(f => !f.Contains(_first.Sha256, StringComparison.Ordinal)))
        {
            File.Delete(file);
        }

        _fixture.Server.Requests.Clear();
        RefreshResult again = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, again.Refusal?.Reason);
        Assert.DoesNotContain(_fixture.Server.Requests, r => r.Path.Contains("model.onnx", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("input fewer")]
    [InlineData("other order")]
    public async Task RefreshAsync_OtherSchemaAfterARestart_IsRefused(string difference)
    {
        (await OpenAndRefreshAsync()).Dispose();
        await _fixture.PublishAsync(Create(difference, version: 2));

        using SyncClient node = await RestartAsync();
        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[null]")]
    [InlineData("{\"model\":")]
    [InlineData("[{\"model\":\"threat-classifier\",\"text\":\"{}\",\"sha256\":\"00\",\"release\":1,\"statement\":\"\",\"acceptsNext\":true}]")]
    [InlineData("[{\"model\":null,\"text\":null,\"sha256\":null,\"release\":1,\"statement\":null,\"acceptsNext\":false}]")]
    [InlineData(null)]
    [Trait("Attack", "tampering-at-rest")]
    public async Task RestoreAsync_DamagedFileOfSchemas_TakesTheSchemaOfTheReleaseInTheStore(string? text)
    {
        (await OpenAndRefreshAsync()).Dispose();
        if (text is null)
        {
            File.Delete(SchemaFile);
        }
        else
        {
            await File.WriteAllTextAsync(SchemaFile, text);
        }

        await _fixture.PublishAsync(Create("input fewer", version: 2));

        using SyncClient node = await RestartAsync();
        AssertRuns(node, 1);
        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task RestoreAsync_FileOfSchemasThatCannotBeRead_TakesTheSchemaOfTheReleaseInTheStore()
    {
        (await OpenAndRefreshAsync()).Dispose();
        File.Delete(SchemaFile);
        Directory.CreateDirectory(SchemaFile);
        await _fixture.PublishAsync(Create("input fewer", version: 2));

        using SyncClient node = await RestartAsync();
        AssertRuns(node, 1);
        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task RefreshAsync_FileOfSchemasThatCannotBeWritten_KeepsThemInMemory()
    {
        using SyncClient node = _fixture.OpenNode();
        Directory.CreateDirectory(SchemaFile);
        Assert.True((await node.RefreshAsync()).Activated);
        await _fixture.PublishAsync(Create("input fewer", version: 2));

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task RestoreAsync_AppDeployedForTheNewSchema_LeavesTheOldReleaseAndTakesTheNewOne()
    {
        (await OpenAndRefreshAsync()).Dispose();
        await _fixture.PublishAsync(Create("input fewer", version: 2));
        _fixture.Options.AddModel("threat-classifier", s => s.Inputs = ["f0", "f1", "f2"]);

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
        _fixture.Options.AddModel("threat-classifier", s => s.Inputs = ["f0", "f2", "f1", "f3"]);
        _fixture.KillRelay();

        using SyncClient node = await RestartAsync();

        Assert.False(node.Models.Single().IsReady);
        Assert.Equal(nameof(RefusalReason.SchemaMismatch), node.Status.RecentRefusals.Single().Reason);
    }

    [Fact]
    public async Task RefreshAsync_FirstReleaseThatTheStatementDoesNotFit_IsRefused()
    {
        _fixture.Options.AddModel("threat-classifier", s => s.Inputs = ["f0", "f1", "f2"]);
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal((false, RefusalReason.SchemaMismatch), (result.Activated, result.Refusal?.Reason));
        Assert.False(node.Models.Single().IsReady);
    }

    [Fact]
    public async Task RefreshAsync_StatedInputsOnly_KeepsClassesOfTheFirstRelease()
    {
        _fixture.Options.AddModel("threat-classifier", s => s.Inputs = ["f0", "f1", "f2", "f3"]);
        (await OpenAndRefreshAsync()).Dispose();
        await _fixture.PublishAsync(Create("other class order", version: 2));

        using SyncClient node = await RestartAsync();
        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task AcceptNextSchemaAsync_OtherSchema_IsTakenOnceAlsoAfterARestart()
    {
        using (SyncClient before = await OpenAndRefreshAsync())
        {
            await _fixture.PublishAsync(Create("input fewer", version: 2));
            await before.RefreshAsync();
            Assert.Equal(["threat-classifier"], await before.AcceptNextSchemaAsync());
        }

        using SyncClient node = await RestartAsync();
        AssertRuns(node, 1);
        RefreshResult accepted = await node.RefreshAsync();
        await _fixture.PublishAsync(TestModel.Create(version: 3));
        RefreshResult refused = await node.RefreshAsync();

        Assert.Equal((true, RefusalReason.SchemaMismatch), (accepted.Activated, refused.Refusal?.Reason));
        Assert.Equal(2, node.Models.Single().Predict(new float[3]).Version);
    }

    [Fact]
    public async Task AcceptNextSchemaAsync_SameSchemaFirst_StillWaitsForTheOther()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await node.AcceptNextSchemaAsync("threat-classifier");
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        await node.RefreshAsync();
        await _fixture.PublishAsync(Create("input fewer", version: 3));

        Assert.True((await node.RefreshAsync()).Activated);
    }

    [Fact]
    public async Task RefreshAsync_RevokedAndTheLastGoodOneHasAnotherSchema_AnswersNothingRatherThanWrongly()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await node.AcceptNextSchemaAsync();
        TestModel second = Create("other order", version: 2);
        await _fixture.PublishAsync(second);
        await node.RefreshAsync();
        await _fixture.Honest.Policy.RevokeAsync([second.Sha256], CancellationToken.None);

        await node.RefreshAsync();

        Assert.False(node.Models.Single().IsReady);
        Assert.Contains(node.Status.RecentRefusals, r => r.Reason == nameof(RefusalReason.SchemaMismatch));
    }

    [Fact]
    public async Task PinAsync_ReleaseWithAnotherSchema_IsRefusedAndTheSteeringStays()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        int release = (await _fixture.PublishAsync(Create("other order", version: 2))).Number;

        RefreshResult result = await node.PinAsync(release);

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        Assert.Equal(NodeSteering.Following, node.Status.Steering);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task ImportAsync_BundleWithAnotherSchema_IsRefused()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await _fixture.PublishAsync(Create("input more", version: 2));
        await _fixture.Honest.ExportBundleAsync(_fixture.Combine("bundle.tar"));

        RefreshResult result = await node.ImportAsync(_fixture.Combine("bundle.tar"));

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task RefreshAsync_AppThatTakesAnySchema_TakesIt()
    {
        _fixture.Options.AddModel("threat-classifier", s => s.AnySchema = true);
        using SyncClient node = await OpenAndRefreshAsync();
        await _fixture.PublishAsync(Create("input fewer", version: 2));

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
        _fixture.Options.AddModel<Row>("threat-classifier");
        using SyncClient node = await OpenAndRefreshAsync();
        TestModel second = Create(difference, version: 2);
        await _fixture.PublishAsync(second);

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal((fits, fits ? null : RefusalReason.SchemaMismatch), (result.Activated, result.Refusal?.Reason));
        Assert.Equal(fits ? 2 : 1, node.Model<Row>().Predict(new(1, 2, 3, 4)).Version);
    }

    [Fact]
    public async Task Status_ActiveModel_HasTheHashOfItsCardAndWhereTheSchemaComesFrom()
    {
        using SyncClient node = await OpenAndRefreshAsync();

        ActiveModel active = _fixture.Server.CheckIns.Last().Models.Single();

        Assert.Equal((_first.Description.SchemaHash, nameof(SchemaSource.FirstRelease)), (active.SchemaHash, active.SchemaSource));
        Assert.Equal(_first.Description.SchemaHash, node.Models.Single().Active.SchemaHash);
    }

    private static TestModel Create(string difference, int version) => difference switch
    {
        "input fewer" => TestModel.Create(version: version, numbers: 3),
        "input more" => TestModel.Create(version: version, numbers: 5),
        "other order" => TestModel.Create(version: version, names: ["f0", "f2", "f1", "f3"]),
        "other name" => TestModel.Create(version: version, names: ["f0", "f1", "f2", "f4"]),
        "other type" => TestModel.Create(version: version, numbers: 3, categories: 1),
        "other class order" => TestModel.Create(version: version, classes: ["safe", "ddos", "xss"]),
        "class fewer" => TestModel.Create(version: version, classes: ["safe", "xss"]),
        "class more" => TestModel.Create(version: version, classes: ["safe", "xss", "ddos", "bot"]),
        "other benign class" => TestModel.Create(version: version).WithSchema(s => s with { Benign = "xss" }),
        "other task" => TestModel.ForTask(ModelTask.Regression, version: version),
        _ => throw new ArgumentOutOfRangeException(nameof(difference), difference, null),
    };

    private async Task<SyncClient> OpenAndRefreshAsync()
    {
        SyncClient node = _fixture.OpenNode();
        Assert.True((await node.RefreshAsync()).Activated);
        return node;
    }

    private async Task<SyncClient> RestartAsync()
    {
        SyncClient node = _fixture.OpenNode();
        await node.RestoreAsync();
        return node;
    }

    private void AssertRuns(SyncClient node, int version)
    {
        for (int row = 0; row < _first.Golden.Rows; row++)
        {
            Assert.Equal(version, node.Models.Single().Predict(_first.NumbersOf(row)).Version);
        }
    }

    private sealed record Row(float F0, float F1, float F2, float F3);
}
