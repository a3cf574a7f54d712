using System.Runtime.InteropServices;

namespace Relay.Server.Storage;

/// <summary>The few file operations of which everything durable here is made, each flushed to the disk before it returns.</summary>
/// <param name="afterStep">Called after each operation with its name; a test stops the world here.</param>
internal sealed class DurableFiles(Action<string>? afterStep = null)
{
    public const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates the folder and those above it that are missing.</summary>
    public void CreateFolder(string folder, UnixFileMode? mode = null)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(folder);
        if (!string.IsNullOrEmpty(parent))
        {
            CreateFolder(parent);
        }

        if (mode is { } owner && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, owner);
        }
        else
        {
            Directory.CreateDirectory(folder);
        }

        afterStep?.Invoke("create folder");
        FlushParent(folder);
    }

    /// <summary>Writes a file whose name is not read yet.</summary>
    public void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (mode is { } owner && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = owner;
        }

        using (FileStream stream = new(path, options))
        {
            afterStep?.Invoke("create file");
            stream.Write(content[..(content.Length / 2)]);
            stream.Flush();
            afterStep?.Invoke("write half");
            stream.Write(content[(content.Length / 2)..]);
            stream.Flush(flushToDisk: true);
        }

        afterStep?.Invoke("flush file");
    }

    /// <summary>Gives a flushed file its final name, in place of what had it.</summary>
    public void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        afterStep?.Invoke("rename file");
        FlushParent(to);
    }

    public void RenameFolder(string from, string to)
    {
        Directory.Move(from, to);
        afterStep?.Invoke("rename folder");
        FlushParent(to);
    }

    /// <summary>Not flushed: a file that comes back after a crash is deleted by who looks next.</summary>
    public void Delete(string path)
    {
        File.Delete(path);
        afterStep?.Invoke("delete file");
    }

    public void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
            afterStep?.Invoke("delete folder");
        }
    }

    /// <summary>A rename is durable only when the folder that holds the name is; Windows journals names by itself.</summary>
    private void FlushParent(string path)
    {
        string parent = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Native.Open(parent, Native.ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"The folder '{parent}' cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        }

        int failed = Native.Fsync(descriptor);
        int error = Marshal.GetLastPInvokeError();
        Native.Close(descriptor);
        if (failed != 0)
        {
            throw new IOException($"The folder '{parent}' cannot be flushed: error {error}.");
        }

        afterStep?.Invoke("flush folder");
    }

    private static class Native
    {
        public const int ReadOnly = 0;

        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        public static extern int Fsync(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        public static extern int Close(int descriptor);
    }
}
