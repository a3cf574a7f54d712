using System.Globalization;
using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.Hosting;

/// <summary>Moves what must not be used any more, and must not be deleted, to a folder of its own: <c>set-aside/&lt;time&gt;</c>.</summary>
internal sealed class SetAsideFolder(DataFolder folder, DurableFiles files, DateTimeOffset now)
{
    private readonly string _target = FindFreeName(folder.SetAside, now);

    /// <summary>Moves a folder; an empty one, or one that is not there, stays.</summary>
    public void MoveFolder(string from)
    {
        if (Directory.Exists(from) && Directory.EnumerateFileSystemEntries(from).Any())
        {
            files.CreateFolder(_target, DurableFiles.OwnerFolder);
            files.RenameFolder(from, Path.Combine(_target, Path.GetFileName(from)));
        }
    }

    /// <summary>Moves those of the files that are there.</summary>
    public void MoveFiles(string from, params string[] names)
    {
        foreach (string name in names.Where(name => File.Exists(Path.Combine(from, name))))
        {
            files.CreateFolder(_target, DurableFiles.OwnerFolder);
            files.Rename(Path.Combine(from, name), Path.Combine(_target, name));
        }
    }

    private static string FindFreeName(string parent, DateTimeOffset now)
    {
        string name = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return Enumerable.Range(1, int.MaxValue)
            .Select(number => Path.Combine(parent, number == 1 ? name : $"{name}-{number}"))
            .First(candidate => !Directory.Exists(candidate));
    }
}
