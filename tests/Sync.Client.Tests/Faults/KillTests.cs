using System.Diagnostics;
using Relay.TestKit.Faults;
using Sync.Client.Storage;

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
        int step = 0;
        bool finished;
        do
        {
            scene.Reset();
            finished = await scene.UpdateInAProcessAsync(++step);
            found.Add(await scene.AssertWholeAsync());
        }
        while (!finished);

        // Enough steps that the count is not of something else, and both outcomes were seen.
        Assert.InRange(step, 40, 400);
        Assert.Equal([firstInstallation ? 0 : 1, 2], found.Order());
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task Update_EachRename_ComesAfterTheFlushOfTheFileAndBeforeThatOfItsFolder()
    {
        await using UpdateScene scene = await UpdateScene.CreateAsync(firstInstallation: true);
        List<StoreStep> steps = [];
        using (SyncClient node = scene.OpenNode(steps.Add))
        {
            await node.RefreshAsync();
        }

        int[] renames = [.. Enumerable.Range(0, steps.Count).Where(i => steps[i].Operation == StoreOperation.Rename)];
        Assert.InRange(renames.Length, 8, 40);
        Assert.All(renames, i =>
        {
            StoreStep lastOfFile = steps.Take(i).Last(s => NameOf(s) == NameOf(steps[i]));
            Assert.Equal(StoreOperation.Flush, lastOfFile.Operation);
            Assert.Equal(new StoreStep(StoreOperation.FlushFolder, Path.GetDirectoryName(steps[i].Path)!), steps[i + 1]);
        });
    }

    [Fact]
    [Trait("Attack", "two-processes")]
    [Trait("Attack", "kill")]
    public async Task Open_StoreOfAnotherProcess_IsRefusedUntilThatIsKilled()
    {
        await using UpdateScene scene = await UpdateScene.CreateAsync();
        using Process holder = DoomedRun.Start("hold", scene.Now, step: 0, scene.ProcessArguments);
        Assert.Equal("open", await holder.StandardOutput.ReadLineAsync());

        RelaySyncException refused = Assert.Throws<RelaySyncException>(() => scene.OpenNode());
        holder.Kill();
        await holder.WaitForExitAsync();

        Assert.Equal(RelaySyncFault.StoreInUse, refused.Fault);
        await scene.AssertWholeAsync();
    }

    [Fact]
    [Trait("Attack", "two-processes")]
    public async Task Open_StoreOfThisProcess_IsRefusedToAnotherProcess()
    {
        await using UpdateScene scene = await UpdateScene.CreateAsync();
        using SyncClient node = scene.OpenNode();

        using Process second = DoomedRun.Start("hold", scene.Now, step: 0, scene.ProcessArguments);

        Assert.Equal(nameof(RelaySyncFault.StoreInUse), await second.StandardOutput.ReadLineAsync());
        await second.WaitForExitAsync();
    }

    // A temporary file and what it becomes are the same file.
    private static string NameOf(StoreStep step) => Path.GetFileNameWithoutExtension(step.Path) is var name
        && step.Path.EndsWith(".tmp", StringComparison.Ordinal) ? name : Path.GetFileName(step.Path).Replace(".onnx", ".part", StringComparison.Ordinal);
}
