using Sync.Client.Updates;

namespace Sync.Client.Tests.Updates;

public sealed class BackgroundThreadTests
{
    [Fact]
    public async Task RunAsync_OnLinux_GivesWayToOtherThreadsAndChangesNone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems know priorities of .NET");
        int own = Niceness();

        int side = await BackgroundThread.RunAsync(Niceness, "test");

        Assert.Equal(Math.Min(19, own + 5), side);
        Assert.Equal(own, Niceness());
    }

    [Fact]
    public async Task RunAsync_WorkThatThrows_FailsTheTask() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => BackgroundThread.RunAsync<int>(() => throw new InvalidDataException(), "test"));

    // Field 19 of the thread's own line; the name, which may hold spaces, ends with the last bracket.
    private static int Niceness() => int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(')')[^1].Split(' ')[17]);
}
