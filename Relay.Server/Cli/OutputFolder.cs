using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary>A folder that a command writes, which has all files or none: they are written beside it, and it is renamed when they are whole.</summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly DurableFiles _disk = new();
    private readonly string _target;
    private readonly string _temporary;

    private OutputFolder(string target, string temporary) => (_target, _temporary) = (target, temporary);

    /// <exception cref="CommandException">The folder has files already, or is a file.</exception>
    public static OutputFolder Create(string folder)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return File.Exists(target) ? throw new CommandException($"'{folder}' is a file: give a new or an empty folder.")
            : Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()
                ? throw new CommandException(
                    $"'{folder}' has files already: give a new or an empty folder, so that no other file is among the new ones.")
            : new(target, $"{target}.{Path.GetRandomFileName()}.tmp");
    }

    public void Write(IReadOnlyDictionary<string, byte[]> files)
    {
        Begin();
        foreach ((string name, byte[] content) in files)
        {
            _disk.Write(FolderPath.Combine(_temporary, name), content);
        }

        Complete();
    }

    /// <summary>The folder to write into until <see cref="Complete"/>.</summary>
    public string Begin()
    {
        _disk.CreateFolder(_temporary);
        return _temporary;
    }

    public void Complete()
    {
        if (Directory.Exists(_target))
        {
            // Refuses a folder that has got files meanwhile.
            Directory.Delete(_target);
        }

        _disk.RenameFolder(_temporary, _target);
    }

    /// <summary>Leaves nothing of what was not completed.</summary>
    public void Dispose() => _disk.DeleteFolder(_temporary);
}
