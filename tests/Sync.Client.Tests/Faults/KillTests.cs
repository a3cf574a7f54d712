using System.Diagnostics;
using Relay.TestKit.Faults;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Sync.Client.Tests.Faults;

/// <summary>SIGKILL of the node's process before every single write, flush and rename of an update: all of them, in order.</summary>
public sealed class KillTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Attack", "kill")]
    public async Task Update_KilledBeforeAnyStep_LeavesTheOldOrTheNewRelease(bool firstInstallation)
    {
        await using UpdateScene scene = await UpdateScene.CreateAsync(firstInstallation);
        HashSet<int> found = [];
        KillPoints kills = new(scene.Store, scene.UpdateHereAsync, scene.UpdateInAProcessAsync);

        int states = await kills.ForEachAsync(async () => found.Add(await scene.AssertWholeAsync()));

        // Enough steps that the count is not of something else, and both outcomes were seen.
        Assert.InRange(states, 40, 400);
        Assert.Equal([firstInstallation ? 0 : 1, 2], found.Order());
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task Update_WhatARecordRefersTo_IsDurableBeforeTheRecordHasItsName()
    {
        await using UpdateScene scene = await UpdateScene.CreateAsync(firstInstallation: true);
        List<FileStep> steps = [];
        using (SyncClient node = scene.OpenNode(steps.Add))
        {
            await node.RefreshAsync();
        }

        int[] renames = [.. Enumerable.Range(0, steps.Count).Where(i => steps[i].Operation == FileOperation.Rename)];
        int[] records = [.. renames.Where(i => Path.GetFileName(steps[i].Path) is "active.json" or "metadata.json")];
        Assert.Equal(2, records.Length);
        Assert.All(renames.Where(i => i < records[^1]), i => AssertDurable(
            steps, i, before: IsBinding(steps[i].Path) ? records[^1] : records.First(r => r >= i)));
        Assert.Equal(FileOperation.FlushFolder, steps[records[^1] + 1].Operation);
        Assert.Equal("active.json", Path.GetFileName(steps[records[^1]].Path));
    }

    [Fact]
    [Trait("Attack", "two-processes")]
    [Trait("Attack", "kill")]
    public async Task Open_StoreOfAnotherProcess_IsRefusedUntilThatIsKilled()
    {
        await using UpdateScene scene = await UpdateScene.CreateAsync();
        using Process holder = DoomedRun.Start("hold", scene.Now, step: "0", scene.ProcessArguments);
        Assert.Equal("open", await holder.StandardOutput.ReadLineAsync());

        using (SyncClient second = scene.OpenNode())
        {
            Assert.Equal(RefusalReason.StoreInUse, second.StoreFault?.Reason);
        }

        holder.Kill();
        await holder.WaitForExitAsync();
        await scene.AssertWholeAsync();
    }

    [Fact]
    [Trait("Attack", "two-processes")]
    public async Task Open_StoreOfThisProcess_IsRefusedToAnotherProcess()
    {
        await using UpdateScene scene = await UpdateScene.CreateAsync();
        using SyncClient node = scene.OpenNode();

        using Process second = DoomedRun.Start("hold", scene.Now, step: "0", scene.ProcessArguments);

        Assert.Equal(nameof(RefusalReason.StoreInUse), await second.StandardOutput.ReadLineAsync());
        await second.WaitForExitAsync();
    }

    // metadata.json has copies of its own: these two bind what is acted on, which is the release in active.json.
    private static bool IsBinding(string path) => Path.GetFileName(path) is "timestamp.json" or "snapshot.json";

    // Content is flushed under its name; a file that replaces another, before it takes the name.
    private static void AssertDurable(List<FileStep> steps, int rename, int before)
    {
        string path = steps[rename].Path;
        int lastWrite = steps.FindLastIndex(rename, s => s.Operation == FileOperation.Write && s.Path == path + ".tmp");
        bool isFlushed = steps.IndexOf(new FileStep(FileOperation.Flush, path + ".tmp"), lastWrite + 1, rename - lastWrite) >= 0
            || steps.IndexOf(new FileStep(FileOperation.Flush, path), rename, before - rename) >= 0;
        bool isNamed = rename == before
            || steps.IndexOf(new FileStep(FileOperation.FlushFolder, Path.GetDirectoryName(path)!), rename, before - rename) >= 0;
        Assert.True(isFlushed && isNamed, path);
    }
}
