using System.Data.Common;
using System.Security.Cryptography;
using Shared.Platform.Files;

namespace Relay.Server.Storage.Folders;

/// <summary>What a change on the disk means for the files that the database has: names that go, and files that get their names.</summary>
internal sealed class FolderChange
{
    private readonly List<string> _deleted = [];
    private readonly List<(string Name, string Source)> _placed = [];

    private FolderChange()
    {
    }

    public bool IsEmpty => _deleted.Count == 0 && _placed.Count == 0;

    /// <summary>True where it does nothing but place artifacts, and what else a process that trains writes.</summary>
    public bool IsOfTraining => _deleted.TrueForAll(FolderParts.IsOnDemand)
        && _placed.TrueForAll(file => FolderParts.IsOnDemand(file.Name) || file.Name.StartsWith("artifacts/", StringComparison.Ordinal));

    /// <summary>True where no copy has to follow it.</summary>
    public bool IsOnDemand => _deleted.TrueForAll(FolderParts.IsOnDemand) && _placed.TrueForAll(file => FolderParts.IsOnDemand(file.Name));

    /// <param name="root">The data folder.</param>
    public static FolderChange From(string root, FileChange what)
    {
        FolderChange change = new();
        bool movesFolder = what.Operation is FileOperation.RenameFolder;
        if (what.From is { } from && from != what.Path && what.Operation is not FileOperation.Link)
        {
            change.Delete(root, from, movesFolder);
        }

        if (what.Operation is FileOperation.Delete or FileOperation.DeleteFolder)
        {
            change.Delete(root, what.Path, what.Operation is FileOperation.DeleteFolder);
        }
        else if (movesFolder)
        {
            foreach (string file in Directory.EnumerateFiles(what.From!, "*", SearchOption.AllDirectories))
            {
                change.Place(root, Path.Combine(what.Path, Path.GetRelativePath(what.From!, file)), file);
            }
        }
        else
        {
            change.Place(root, what.Path, what.From!);
        }

        return change;
    }

    /// <summary>What makes the files in the database those of the folder.</summary>
    public static FolderChange FromDifferences(string root, IEnumerable<FolderDifference> differences)
    {
        FolderChange change = new();
        foreach (FolderDifference difference in differences)
        {
            if (difference.Kind is FolderDifferenceKind.Missing)
            {
                change._deleted.Add(difference.Name);
            }
            else
            {
                change._placed.Add((difference.Name, Path.Combine(root, difference.Name)));
            }
        }

        return change;
    }

    public void Write(DbConnection connection, DbTransaction transaction, long number, FolderSeal seal)
    {
        foreach (string name in _deleted)
        {
            FolderTables.Delete(connection, transaction, name);
        }

        foreach ((string name, string source) in _placed)
        {
            byte[] content = File.ReadAllBytes(source);
            FolderTables.Put(connection, transaction, Describe(name, source, content, number), content, seal);
        }
    }

    /// <param name="name">Its path below the data folder, with slashes.</param>
    /// <param name="source">Where its content is now.</param>
    /// <param name="number">That of the change that places it.</param>
    public static FolderFile Describe(string name, string source, byte[] content, long number) => new(
        name, Convert.ToHexStringLower(SHA256.HashData(content)), content.Length,
        OperatingSystem.IsWindows() ? (long)DurableFiles.OwnerFile : (long)File.GetUnixFileMode(source),
        new DateTimeOffset(File.GetLastWriteTimeUtc(source)).ToUnixTimeMilliseconds(), number);

    private void Delete(string root, string path, bool isFolder)
    {
        string name = FolderParts.NameOf(root, path);
        if (FolderParts.Contains(name) || (isFolder && FolderParts.CanContain(name)))
        {
            _deleted.Add(name);
        }
    }

    private void Place(string root, string path, string source)
    {
        string name = FolderParts.NameOf(root, path);
        if (FolderParts.Contains(name))
        {
            _placed.Add((name, source));
        }
    }
}
