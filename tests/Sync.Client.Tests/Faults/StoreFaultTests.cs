using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Relay.TestKit.Faults;
using Relay.TestKit.Models;
using Shared.Contracts;

namespace Sync.Client.Tests.Faults;

/// <summary>What is wrong with the machine of a node: it serves what it can, says what is wrong once, and mends by itself.</summary>
public sealed partial class StoreFaultTests : IAsyncLifetime
{
    private readonly TestLogger<SyncClient> _log = new();
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        await _fixture.PublishAsync(TestModel.Create(version: 1));
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Refresh_StoreFolderDeletedWhileTheNodeRuns_IsMadeAgainAndServesTheNextStart()
    {
        using (SyncClient node = Open())
        {
            await node.RefreshAsync();
            await node.HoldAsync();
            Directory.Delete(_fixture.Options.StoreFolder, recursive: true);

            Assert.Null((await node.RefreshAsync()).Refusal);
            Assert.Equal(1, node.Models.Single().Predict(new float[4]).Version);
        }

        _fixture.KillRelay();
        using SyncClient next = Open();
        await next.RestoreAsync();
        Assert.Equal(1, next.Models.Single().Active.Version);
        Assert.Equal(NodeSteering.Held, next.Status.Steering);
    }

    [Theory]
    [InlineData("active.json")]
    [InlineData("metadata.json")]
    [InlineData("metadata/timestamp.json")]
    [InlineData("metadata/targets.json")]
    [InlineData("store.lock")]
    [InlineData("artifacts")]
    [InlineData("targets")]
    public async Task Refresh_PartOfTheStoreDeletedWhileTheNodeRuns_IsBroughtBack(string part)
    {
        using (SyncClient node = Open())
        {
            await node.RefreshAsync();
            string path = Path.Combine(_fixture.Options.StoreFolder, part);
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }

            Assert.Null((await node.RefreshAsync()).Refusal);
        }

        _fixture.KillRelay();
        using SyncClient next = Open();
        await next.RestoreAsync();
        Assert.Equal(1, next.Models.Single().Active.Version);
    }

    [Fact]
    public async Task Refresh_ReadOnlyStore_ServesWhatIsThereTakesARevocationAndMendsByItself()
    {
        using SmallDisk? disk = SmallDisk.TryMount();
        if (disk is null)
        {
            Assert.Skip("needs the right to mount a tmpfs");
        }

        _fixture.Options.StoreFolder = disk.FullPath;
        using (SyncClient before = Open())
        {
            await before.RefreshAsync();
        }

        disk.SetReadOnly(true);
        using SyncClient node = Open();
        await node.RestoreAsync();
        int served = node.Models.Single().Predict(new float[4]).Version;
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        RefreshResult refused = await node.RefreshAsync();
        disk.SetReadOnly(false);
        RefreshResult mended = await node.RefreshAsync();

        Assert.Equal(1, served);
        Assert.Equal(RefusalReason.StoreReadOnly, refused.Refusal?.Reason);
        Assert.Equal((null, 2), (mended.Refusal, node.Models.Single().Active.Version));
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Refresh_StoreInUseByAnotherNode_ServesWhatIsThereAndTakesOverWhenItEnds()
    {
        SyncClient first = Open();
        await first.RefreshAsync();
        using SyncClient second = Open();
        await second.RestoreAsync();
        RefreshResult refused = await second.RefreshAsync();
        first.Dispose();
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        RefreshResult mended = await second.RefreshAsync();

        Assert.Equal(RefusalReason.StoreInUse, refused.Refusal?.Reason);
        Assert.Equal((null, 2), (mended.Refusal, second.Models.Single().Active.Version));
    }

    [Fact]
    public async Task Refresh_RevocationWhileTheDiskIsFull_IsObeyedAndBothAreSaid()
    {
        FailingDisk disk = new();
        using SyncClient node = _fixture.OpenNode(disk.CreateFiles());
        await node.RefreshAsync();
        disk.Fails = true;
        await _fixture.Honest.Policy.RevokeAsync([node.Models.Single().Active.Sha256], CancellationToken.None);

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.ArtifactRevoked, result.Refusal?.Reason);
        Assert.False(node.Models.Single().IsReady);
        Assert.Contains(node.Status.CurrentRefusals, r => r.Reason == nameof(RefusalReason.StoreFull));
    }

    private SyncClient Open() => new(_fixture.Options, _fixture.Clock, _log);
}
