using System.Diagnostics;

namespace Relay.TestKit.Faults;

/// <summary>A small file system in memory: a test changes its size, fills and empties it, or makes it read-only.</summary>
public sealed class SmallDisk : IDisposable
{
    private const int PageBytes = 4096;
    private const int ChunkBytes = 64 * 1024;
    private readonly TemporaryFolder _folder = new();

    public string FullPath => _folder.FullPath;

    public int UsedPages
    {
        get
        {
            DriveInfo drive = new(FullPath);
            return (int)((drive.TotalSize - drive.TotalFreeSpace) / PageBytes);
        }
    }

    private string Filler => _folder.Combine("filler");

    /// <summary>Null where the right to mount is missing.</summary>
    public static SmallDisk? TryMount()
    {
        SmallDisk disk = new();
        if (OperatingSystem.IsLinux() && TryRun("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.FullPath))
        {
            return disk;
        }

        disk._folder.Dispose();
        return null;
    }

    public void Resize(int pages) => Remount($"size={(long)pages * PageBytes}");

    public void SetReadOnly(bool isReadOnly) => Remount(isReadOnly ? "ro" : "rw");

    /// <summary>Leaves no byte of space.</summary>
    public void Fill()
    {
        using FileStream filler = new(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int bytes = ChunkBytes; bytes > 0;)
        {
            try
            {
                filler.Write(new byte[bytes]);
            }
            catch (IOException)
            {
                bytes /= 2;
            }
        }
    }

    /// <summary>Takes back what <see cref="Fill"/> did.</summary>
    public void Empty() => File.Delete(Filler);

    /// <summary>Deletes everything.</summary>
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
        TryRun("umount", FullPath);
        _folder.Dispose();
    }

    private void Remount(string options)
    {
        if (!TryRun("mount", "-o", $"remount,{options}", FullPath))
        {
            throw new InvalidOperationException($"{FullPath} cannot be mounted again with {options}");
        }
    }

    private static bool TryRun(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
