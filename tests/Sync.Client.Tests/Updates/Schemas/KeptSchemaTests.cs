using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Storage;
using Sync.Client.Tests.Faults;

namespace Sync.Client.Tests.Updates.Schemas;

/// <summary>The schema that a node took from its first release: whatever happens to its file, it is
/// kept until an operator accepts another one.</summary>
public sealed class KeptSchemaTests : SchemaScene
{
    // What stands for a file that is not there, and for one that cannot be read.
    private const string Missing = "missing";
    private const string Unreadable = "unreadable";

    private string SchemaFile => Path.Combine(Fixture.Options.StoreFolder, "schemas.json");

    [Theory]
    [InlineData("")]
    [InlineData("[null]")]
    [InlineData("{\"model\":")]
    [InlineData("[{\"model\":\"threat-classifier\",\"text\":\"{}\",\"sha256\":\"00\",\"release\":1,\"statement\":\"\",\"acceptsNext\":true}]")]
    [InlineData("[{\"model\":null,\"text\":null,\"sha256\":null,\"release\":1,\"statement\":null,\"acceptsNext\":false}]")]
    [InlineData(Missing)]
    [InlineData(Unreadable)]
    [Trait("Attack", "tampering-at-rest")]
    public async Task RestoreAsync_DamagedFileOfSchemas_TakesTheSchemaOfTheReleaseInTheStore(string text)
    {
        (await OpenAndRefreshAsync()).Dispose();
        File.Delete(SchemaFile);
        if (text == Unreadable)
        {
            Directory.CreateDirectory(SchemaFile);
        }
        else if (text != Missing)
        {
            await File.WriteAllTextAsync(SchemaFile, text);
        }

        await Fixture.PublishAsync(Create("input fewer", version: 2));

        using SyncClient node = await RestartAsync();
        AssertRuns(node, 1);
        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Theory]
    [InlineData("[null]", "a model")]
    [InlineData("[{\"model\":\"threat-classifier\",\"text\":\"{}\",\"sha256\":\"00\",\"release\":1,\"statement\":\"\",\"acceptsNext\":true}]",
        "threat-classifier")]
    [Trait("Attack", "tampering-at-rest")]
    public async Task RestoreAsync_DamagedEntryOfSchemas_IsToldOnceAndWrittenAgain(string text, string named)
    {
        (await OpenAndRefreshAsync()).Dispose();
        await File.WriteAllTextAsync(SchemaFile, text);

        using (SyncClient node = await RestartAsync())
        {
            RefusalReport told = Assert.Single(node.Status.RecentRefusals);
            Assert.Equal((nameof(RefusalReason.StoreDamaged), SchemaFile), (told.Reason, told.Subject));
            Assert.Contains(named, told.Detail, StringComparison.Ordinal);
        }

        using SyncClient again = await RestartAsync();
        Assert.Empty(again.Status.RecentRefusals);
    }

    [Fact]
    public async Task RefreshAsync_FileOfSchemasThatCannotBeWritten_KeepsThemInMemory()
    {
        using SyncClient node = Fixture.OpenNode();
        Directory.CreateDirectory(SchemaFile);
        Assert.True((await node.RefreshAsync()).Activated);
        await Fixture.PublishAsync(Create("input fewer", version: 2));

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task AcceptNextSchemaAsync_OtherSchema_IsTakenOnceAlsoAfterARestart()
    {
        using (SyncClient before = await OpenAndRefreshAsync())
        {
            await Fixture.PublishAsync(Create("input fewer", version: 2));
            await before.RefreshAsync();
            Assert.Equal(["threat-classifier"], await before.AcceptNextSchemaAsync());
        }

        using SyncClient node = await RestartAsync();
        AssertRuns(node, 1);
        RefreshResult accepted = await node.RefreshAsync();
        await Fixture.PublishAsync(TestModel.Create(version: 3));
        RefreshResult refused = await node.RefreshAsync();

        Assert.Equal((true, RefusalReason.SchemaMismatch), (accepted.Activated, refused.Refusal?.Reason));
        Assert.Equal(2, node.Models.Single().Predict(new float[3]).Version);
    }

    [Fact]
    public async Task AcceptNextSchemaAsync_DiskIsFull_FailsAndAcceptsNothing()
    {
        FailingDisk disk = new();
        using SyncClient node = Fixture.OpenNode(disk.CreateFiles());
        await node.RefreshAsync();
        await Fixture.PublishAsync(Create("input fewer", version: 2));
        disk.Fails = true;
        await Assert.ThrowsAsync<StoreFaultException>(() => node.AcceptNextSchemaAsync());
        disk.Fails = false;

        Assert.Equal(RefusalReason.SchemaMismatch, (await node.RefreshAsync()).Refusal?.Reason);
        AssertRuns(node, 1);
    }

    [Fact]
    public async Task AcceptNextSchemaAsync_SameSchemaFirst_StillWaitsForTheOther()
    {
        using SyncClient node = await OpenAndRefreshAsync();
        await node.AcceptNextSchemaAsync("threat-classifier");
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        await node.RefreshAsync();
        await Fixture.PublishAsync(Create("input fewer", version: 3));

        Assert.True((await node.RefreshAsync()).Activated);
    }
}
