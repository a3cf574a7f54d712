using Relay.TestKit.Faults;
using Shared.Contracts;

namespace Sync.Client.Tests.Faults;

/// <summary>A disk that is full at every single step of an update, and real file systems of every size that is too small.</summary>
public sealed class FullDiskTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Attack", "disk-full")]
    public async Task Update_DiskFullFromAnyStepOn_LeavesTheOldOrTheNewRelease(bool firstInstallation)
    {
        await using UpdateScene scene = await UpdateScene.CreateAsync(firstInstallation);
        bool finished = false;
        int last = 0;
        for (int full = 1; !finished; last = full++)
        {
            scene.Reset();
            int steps = 0;
            using (SyncClient node = scene.OpenNode(_ => FailingDisk.ThrowWhen(++steps >= full)))
            {
                finished = await UpdateOnAFullDiskAsync(scene, node);
            }

            await scene.AssertWholeAsync();
        }

        Assert.InRange(last, 40, 400);
    }

    [Fact]
    [Trait("Attack", "disk-full")]
    public async Task Update_DiskFullOnceAtAnyStep_TheSameNodeGoesOn()
    {
        await using UpdateScene scene = await UpdateScene.CreateAsync();
        int steps = int.MaxValue;
        for (int full = 1; full <= steps; full++)
        {
            scene.Reset();
            int done = 0;
            using SyncClient node = scene.OpenNode(_ => FailingDisk.ThrowWhen(++done == full));
            await node.RestoreAsync();
            if (await TryRefreshAsync(node))
            {
                steps = done;
            }

            RefreshResult again = await node.RefreshAsync();
            Assert.Null(again.Refusal);
            scene.AssertAnswers(node, 2);
        }

        Assert.InRange(steps, 40, 400);
    }

    [Fact]
    [Trait("Attack", "disk-full")]
    public async Task Update_RealFileSystemsFromTooSmallToLargeEnough_LeaveTheOldOrTheNewRelease()
    {
        using SmallDisk? disk = SmallDisk.TryMount();
        if (disk is null)
        {
            Assert.Skip("needs the right to mount a tmpfs");
        }

        await using UpdateScene scene = await UpdateScene.CreateAsync();
        scene.MoveStore(disk.FullPath);
        int usedPages = disk.UsedPages;
        bool finished = false;
        int failures = 0;
        for (int free = 0; !finished; free += 2)
        {
            disk.Clear();
            scene.MoveStore(disk.FullPath);
            disk.Resize(usedPages + free);
            using (SyncClient node = scene.OpenNode())
            {
                finished = await UpdateOnAFullDiskAsync(scene, node);
                failures += finished ? 0 : 1;
            }

            disk.Resize(pages: 16_384);
            await scene.AssertWholeAsync();
        }

        Assert.InRange(failures, 5, 500);
    }

    /// <summary>False when the disk was full; then the node answers as before, or with the new release where that was complete.</summary>
    private static async Task<bool> UpdateOnAFullDiskAsync(UpdateScene scene, SyncClient node)
    {
        await node.RestoreAsync();
        int before = Version(node);
        bool finished = await TryRefreshAsync(node);
        int after = Version(node);
        Assert.True(finished ? after == 2 : after == 2 || after == before, $"from {before} to {after}");
        scene.AssertAnswers(node, after);
        return finished;
    }

    private static int Version(SyncClient node) => node.Models.Single().IsReady ? node.Models.Single().Active.Version : 0;

    private static async Task<bool> TryRefreshAsync(SyncClient node)
    {
        if ((await node.RefreshAsync()).Refusal is not { } refusal)
        {
            return true;
        }

        Assert.Equal(RefusalReason.StoreFull, refusal.Reason);
        Assert.Contains(nameof(RefusalReason.StoreFull), node.Status.CurrentRefusals.Select(r => r.Reason));
        return false;
    }
}
