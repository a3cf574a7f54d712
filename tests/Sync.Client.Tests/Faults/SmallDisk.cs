using System.Diagnostics;
using Relay.TestKit;

namespace Sync.Client.Tests.Faults;

/// <summary>A file system in memory with as many pages as a test says.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int PageBytes = 4096;
    private readonly TemporaryFolder _folder = new();

    public string FullPath => _folder.FullPath;

    public int UsedPages => (int)((new DriveInfo(FullPath) is var drive ? drive.TotalSize - drive.TotalFreeSpace : 0) / PageBytes);

    public static SmallDisk? TryMount()
    {
        SmallDisk disk = new();
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.FullPath))
        {
            return disk;
        }

        disk._folder.Dispose();
        return null;
    }

    public void Resize(int pages) => Assert.True(Run("mount", "-o", $"remount,size={(long)pages * PageBytes}", FullPath));

    public void SetReadOnly(bool isReadOnly) => Assert.True(Run("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", FullPath));

    public void Clear()
    {
        foreach (string folder in Directory.EnumerateDirectories(FullPath))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (string file in Directory.EnumerateFiles(FullPath))
        {
            File.Delete(file);
        }
    }

    public void Dispose()
    {
        Run("umount", FullPath);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
