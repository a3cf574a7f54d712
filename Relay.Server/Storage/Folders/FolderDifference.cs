using System.Data.Common;
using System.Security.Cryptography;

namespace Relay.Server.Storage.Folders;

/// <summary>A file of a folder that differs from the one in the database.</summary>
/// <param name="Name">Its path below the data folder, with slashes.</param>
internal sealed record FolderDifference(string Name, FolderDifferenceKind Kind)
{
    /// <summary>Compares all files but those that are read on demand.</summary>
    public static IReadOnlyList<FolderDifference> Find(string root, DbConnection connection, DbTransaction transaction)
    {
        Dictionary<string, FolderFile> stored = FolderTables.List(connection, transaction, "")
            .Where(file => !FolderParts.IsOnDemand(file.Path))
            .ToDictionary(file => file.Path, StringComparer.Ordinal);
        List<FolderDifference> differences = [];
        foreach (string name in FolderParts.Find(root).Order(StringComparer.Ordinal))
        {
            if (!stored.Remove(name, out FolderFile? file))
            {
                differences.Add(new(name, FolderDifferenceKind.Added));
            }
            else if (file.Sha256 != Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(root, name)))))
            {
                differences.Add(new(name, FolderDifferenceKind.Changed));
            }
        }

        IEnumerable<string> missing = stored.Keys.Order(StringComparer.Ordinal);
        return [.. differences, .. missing.Select(name => new FolderDifference(name, FolderDifferenceKind.Missing))];
    }
}

/// <summary>How a file differs from the one in the database.</summary>
internal enum FolderDifferenceKind
{
    Added,
    Changed,
    Missing,
}

/// <summary>How a folder is to the files in the database.</summary>
/// <param name="IsCurrent">Whether it is the copy that is changed.</param>
/// <param name="Change">Up to which change it has them.</param>
/// <param name="LastChange">The last change in the database.</param>
internal sealed record StoredFolderState(bool IsCurrent, long Change, long LastChange, IReadOnlyList<FolderDifference> Differences);
