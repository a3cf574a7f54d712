using Shared.Platform.Threads;

namespace Shared.Platform.Tests.Threads;

public sealed class BackgroundThreadTests
{
    [Fact]
    public async Task RunAsync_OnLinux_GivesWayToOtherThreadsAndChangesNone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems know priorities of .NET");
        int own = LinuxThreads.Niceness;

        int side = await BackgroundThread.RunAsync(() => LinuxThreads.Niceness, "test");

        Assert.Equal(Math.Min(19, own + BackgroundThread.Niceness), side);
        Assert.Equal(own, LinuxThreads.Niceness);
    }

    [Fact]
    public async Task RunAsync_FromABackgroundThread_IsNoNicerThanThat()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems know priorities of .NET");
        int own = LinuxThreads.Niceness;

        int inner = await await BackgroundThread.RunAsync(
            () => BackgroundThread.RunAsync(() => LinuxThreads.Niceness, "inner"), "outer");

        Assert.Equal(Math.Min(19, own + BackgroundThread.Niceness), inner);
    }

    [Fact]
    public async Task RunAsync_WorkThatThrows_FailsTheTask() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => BackgroundThread.RunAsync<int>(() => throw new InvalidDataException(), "test"));
}
