namespace Shared.Platform.Files;

/// <summary>The file operations of which all durable state is made. Each is flushed to the disk when it returns, unless its name says
/// otherwise; a file is replaced by a rename, so that a reader, or a start after a power cut, finds the old one or the new one.</summary>
/// <param name="beforeStep">Called before each single operation; a test ends the process here, or lets the disk be full.</param>
/// <param name="afterStep">Called after each single operation.</param>
internal sealed class DurableFiles(Action<FileStep>? beforeStep = null, Action<FileStep>? afterStep = null)
{
    public const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStepHooks _hooks = new(beforeStep, afterStep);

    /// <summary>False for what brings a folder to the state of its journal: it is in there already.</summary>
    public bool IsJournaled { get; init; } = true;

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

        _hooks.Before(FileOperation.CreateFolder, folder);
        if (mode is { } permissions && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, permissions);
        }
        else
        {
            Directory.CreateDirectory(folder);
        }

        _hooks.After(FileOperation.CreateFolder, folder);
        FlushParent(folder);
    }

    /// <summary>Replaces a file as a whole: temporary file, flush, rename, flush of the folder.</summary>
    public void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        Write(temporary, content, mode);
        Rename(temporary, path);
    }

    /// <summary>Writes a file as a whole under a name that no file has.</summary>
    /// <returns>False where one has it; that one stays as it is.</returns>
    public bool TryCreate(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Write(temporary, content, mode);
            return TryGiveName(temporary, path);
        }
        finally
        {
            Delete(temporary);
        }
    }

    /// <summary>Gives a flushed file a name that no file has. The temporary name may stay, for the caller to delete.</summary>
    /// <returns>False where one has it; that one stays as it is.</returns>
    public bool TryGiveName(string temporary, string path)
    {
        if (TryLink(temporary, path))
        {
            return true;
        }

        // Where a file system has no links, this is the closest.
        bool isFree = !Path.Exists(path);
        if (isFree)
        {
            Rename(temporary, path);
        }

        return isFree;
    }

    /// <summary>Writes a file under a name that is not read yet.</summary>
    public void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        using PartFile file = PartFile.Write(path, content, mode, _hooks);
        file.Flush();
    }

    /// <inheritdoc cref="WriteAsync"/>
    public void Write(string path, Action<Stream> write)
    {
        _hooks.Before(FileOperation.Create, path);
        using FileStream file = FileOpening.Open(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        _hooks.After(FileOperation.Create, path);
        write(file);
        _hooks.Before(FileOperation.Flush, path);
        file.Flush(flushToDisk: true);
        _hooks.After(FileOperation.Flush, path);
    }

    /// <summary>As <see cref="Write(string, ReadOnlySpan{byte}, UnixFileMode?)"/>, for content that is made while it is written.</summary>
    /// <param name="mode">Permissions of a new file, which no file may have the name of: it would keep its own. Null: the system's default.</param>
    public async Task WriteAsync(string path, Func<Stream, Task> write, UnixFileMode? mode = null)
    {
        _hooks.Before(FileOperation.Create, path);
        FileStream file = FileOpening.Open(
            path, mode is null ? FileMode.Create : FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, mode);
        await using (file.ConfigureAwait(false))
        {
            _hooks.After(FileOperation.Create, path);
            await write(file).ConfigureAwait(false);
            _hooks.Before(FileOperation.Flush, path);
            file.Flush(flushToDisk: true);
            _hooks.After(FileOperation.Flush, path);
        }
    }

    /// <summary>As <see cref="Write(string, ReadOnlySpan{byte}, UnixFileMode?)"/>; <see cref="DiskFlush.File"/> makes the content durable.</summary>
    public void WriteUnflushed(string path, ReadOnlySpan<byte> content) => PartFile.Write(path, content, mode: null, _hooks).Dispose();

    /// <summary>Opens a file to go on at its end, under a name that is not read until it is renamed.</summary>
    public PartFile Open(string path) => new(path, FileShare.Read, mode: null, _hooks);

    /// <summary>Gives a flushed file its final name, in place of what had it.</summary>
    public void Rename(string from, string to)
    {
        RenameUnflushed(from, to);
        FlushParent(to);
    }

    /// <summary>As <see cref="Rename"/>; <see cref="DiskFlush.Folder"/> makes the name durable.</summary>
    public void RenameUnflushed(string from, string to) =>
        Change(FileOperation.Rename, to, from, () => File.Move(from, to, overwrite: true));

    /// <summary>Gives a flushed file a further name, one that no file has yet.</summary>
    /// <returns>False where that is not possible; nothing has changed then.</returns>
    public bool TryLink(string existing, string name)
    {
        if (!Change(FileOperation.Link, name, existing, () => HardLink.TryCreate(existing, name)))
        {
            return false;
        }

        FlushParent(name);
        return true;
    }

    public void RenameFolder(string from, string to)
    {
        Change(FileOperation.RenameFolder, to, from, () => Directory.Move(from, to));
        FlushParent(to);
    }

    /// <summary>Not flushed: a file that comes back after a crash is deleted at the next clean-up.</summary>
    public void Delete(string path) => Change(FileOperation.Delete, path, null, () => File.Delete(path));

    public void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Change(FileOperation.DeleteFolder, folder, null, () => Directory.Delete(folder, recursive: true));
        }
    }

    private void Change(FileOperation operation, string path, string? from, Action change) =>
        Change(operation, path, from, () => { change(); return true; });

    private bool Change(FileOperation operation, string path, string? from, Func<bool> change)
    {
        bool MakeStep()
        {
            _hooks.Before(operation, path);
            if (!change())
            {
                return false;
            }

            _hooks.After(operation, path);
            return true;
        }

        return IsJournaled ? FileJournals.Apply(operation, path, from, MakeStep) : MakeStep();
    }

    private void FlushParent(string path)
    {
        string parent = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _hooks.Before(FileOperation.FlushFolder, parent);
        DiskFlush.Folder(parent);
        _hooks.After(FileOperation.FlushFolder, parent);
    }
}
