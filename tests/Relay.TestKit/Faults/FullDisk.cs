using System.Diagnostics;

namespace Relay.TestKit.Faults;

/// <summary>A small file system in memory that a test fills and empties.</summary>
public sealed class FullDisk : IDisposable
{
    private const int ChunkBytes = 64 * 1024;
    private readonly TemporaryFolder _folder = new();

    public string FullPath => _folder.FullPath;

    private string Filler => _folder.Combine("filler");

    /// <summary>Null where the right to mount is missing.</summary>
    public static FullDisk? TryMount()
    {
        FullDisk disk = new();
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.FullPath))
        {
            return disk;
        }

        disk._folder.Dispose();
        return null;
    }

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

    public void Empty() => File.Delete(Filler);

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
