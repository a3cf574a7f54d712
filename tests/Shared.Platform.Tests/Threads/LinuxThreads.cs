namespace Shared.Platform.Tests.Threads;

/// <summary>What Linux says of this process's threads.</summary>
internal static class LinuxThreads
{
    public static int Niceness => NicenessOf("/proc/thread-self");

    public static int NicenessOfProcess => NicenessOf("/proc/self");

    // Field 19 of the thread's own line; the name, which may hold spaces, ends with the last bracket.
    private static int NicenessOf(string thread) => int.Parse(File.ReadAllText(thread + "/stat").Split(')')[^1].Split(' ')[17]);
}
