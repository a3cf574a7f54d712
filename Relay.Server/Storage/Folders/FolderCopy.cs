using System.Data.Common;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Storage.Folders;

/// <summary>Brings a data folder to the state of its files in the database.</summary>
/// <param name="digests">What is known of the files here, which is much to read.</param>
internal sealed class FolderCopy(string root, FolderSeal seal, FolderDigests digests)
{
    // The nine bits of a file: what the database says besides is not believed.
    private const int Permissions = 0x1FF;

    // What is in the journal already.
    private readonly DurableFiles _files = new() { IsJournaled = false };

    /// <summary>All of them: for a copy that is not changed here.</summary>
    public FolderPull Whole() => new(_ => true, _ => true);

    /// <summary>All of them, but for those that did not change there and that an operator may have placed by hand.</summary>
    /// <param name="change">The last change that the folder has.</param>
    public FolderPull KeepingPlaced(long change) =>
        new(file => file.Change > change || !FolderParts.IsPlacedByHand(file.Path), name => !FolderParts.IsPlacedByHand(name));

    /// <summary>Those that changed.</summary>
    /// <inheritdoc cref="KeepingPlaced"/>
    public FolderPull Since(long change) => new(file => file.Change > change, _ => false);

    /// <summary>Writes what is missing or differs, and deletes what the database does not have.</summary>
    /// <param name="transaction">It sees one state of the database.</param>
    /// <exception cref="IOException">The disk does not take a file.</exception>
    public void Pull(DbConnection connection, DbTransaction transaction, FolderPull pull)
    {
        IReadOnlyList<FolderFile> files =
            [.. FolderTables.List(connection, transaction, "").Where(file => !FolderParts.IsOnDemand(file.Path))];
        Dictionary<string, string> places = new(StringComparer.Ordinal);

        // The timestamp last: until then the folder is that of an earlier publication.
        foreach (FolderFile file in files.Where(pull.IsFetched).OrderBy(IsTimestamp))
        {
            Fetch(connection, transaction, file, places);
        }

        HashSet<string> present = [.. files.Select(file => file.Path)];
        foreach (string name in FolderParts.Find(root).Where(name => !present.Contains(name) && pull.IsDeleted(name)).ToList())
        {
            _files.Delete(PathOf(name));
            digests.Forget(PathOf(name));
        }
    }

    /// <summary>Writes one file where it is missing or differs.</summary>
    /// <param name="places">Files by their digest that are here, of which others can be links.</param>
    public void Fetch(DbConnection connection, DbTransaction transaction, FolderFile file, Dictionary<string, string> places)
    {
        string path = PathOf(file.Path);
        bool isOnDemand = FolderParts.IsOnDemand(file.Path);
        if (isOnDemand && File.Exists(path) && File.GetLastWriteTimeUtc(path) >= PlacedAt(file))
        {
            // The process that writes it puts it into the database now and then.
            return;
        }

        if (digests.Find(path) != file.Sha256)
        {
            _files.CreateFolder(Path.GetDirectoryName(path)!, FolderSeal.IsSecret(file.Path) ? DurableFiles.OwnerFolder : null);
            if (File.Exists(path) || !places.TryGetValue(file.Sha256, out string? same) || !_files.TryLink(same, path))
            {
                _files.Replace(path, FolderTables.ReadContent(connection, transaction, file, seal), (UnixFileMode)(file.Mode & Permissions));
            }

            digests.Note(path, file.Sha256);
        }

        if (!FolderSeal.IsSecret(file.Path))
        {
            places.TryAdd(file.Sha256, path);
        }

        if (isOnDemand || file.Path.StartsWith("artifacts/", StringComparison.Ordinal))
        {
            KeepYoung(file, path);
        }
    }

    // The clean-up of files without a version goes by the time at which they were placed, on whatever machine that was.
    private void KeepYoung(FolderFile file, string path)
    {
        if (File.GetLastWriteTimeUtc(path) is var written && (written < PlacedAt(file) || FolderParts.IsOnDemand(file.Path)))
        {
            File.SetLastWriteTimeUtc(path, PlacedAt(file));
            digests.Note(path, file.Sha256);
        }
    }

    private static bool IsTimestamp(FolderFile file) => file.Path.EndsWith("/" + MetadataPaths.Timestamp, StringComparison.Ordinal);

    private static DateTime PlacedAt(FolderFile file) => DateTimeOffset.FromUnixTimeMilliseconds(file.PlacedAt).UtcDateTime;

    private string PathOf(string name) => Path.Combine(root, name);
}
