using System.Data;
using System.Data.Common;
using Dapper;
using Relay.Server.Storage.Postgres;
using Shared.Platform.Files;

namespace Relay.Server.Storage.Folders;

/// <summary>Opens the files that a database has of a data folder, for each kind of process.</summary>
internal static class StoredFolders
{
    /// <summary>True where a database has the files of a data folder.</summary>
    /// <param name="server">The connection string; null: the rows are in the data folder.</param>
    /// <exception cref="DbException">The server cannot be asked.</exception>
    public static bool Exist(string? server)
    {
        if (server is null)
        {
            return false;
        }

        using DbConnection connection = PostgresDatabase.Connect(server);
        return FolderTables.Exist(connection);
    }

    /// <summary>Fills a folder from the database, and makes it the one that is changed. Its caller has the lock of the database.</summary>
    /// <returns>Null where the database has no files of the folder.</returns>
    /// <exception cref="RelayStartException">The key is missing or another one, or the folder has files of its own.</exception>
    public static StoredFolder? TakeOver(DataFolder folder)
    {
        StoredFolder? stored = Open(folder, FolderAccess.Change);
        return stored is null ? null : Start(stored, stored.TakeOver);
    }

    /// <summary>Fills a folder from the database, for a process that waits for its turn or trains.</summary>
    /// <inheritdoc cref="TakeOver"/>
    public static StoredFolder? Follow(DataFolder folder, FolderAccess access)
    {
        StoredFolder? stored = Open(folder, access);
        return stored is null ? null : Start(stored, () => stored.Follow());
    }

    /// <summary>For a command on the folder of the relay that works.</summary>
    /// <returns>Null where the database has no files of the folder, or this process works with them already.</returns>
    /// <exception cref="RelayStartException">The key is missing or another one, or the folder is not the one that is changed.</exception>
    public static StoredFolder? Join(DataFolder folder)
    {
        FolderRecord? record = FolderRecord.Find(folder.Root);
        if (FileJournals.Find(folder.Artifacts) is not null || (record is null && folder.Server is null))
        {
            return null;
        }

        if (folder.Server is null)
        {
            throw new RelayStartException(
                $"The files of '{folder.Root}' are in a database: name it by --database-file, and the key of the files by --folder-key-file.");
        }

        if (record is null)
        {
            return Exist(folder.Server) ? throw new RelayStartException(NotACopy(folder)) : null;
        }

        StoredFolder? stored = Open(folder, FolderAccess.Change);
        return stored is null ? null : Start(stored, stored.RequireCurrent);
    }

    /// <summary>Compares a folder with the files in its database, and changes nothing.</summary>
    /// <exception cref="RelayStartException">It is no copy of them.</exception>
    public static StoredFolderState Inspect(DataFolder folder)
    {
        FolderRecord record = FolderRecord.Find(folder.Root) ?? throw new RelayStartException(
            $"The files of '{folder.Root}' are in no database: a relay that is started with --folder-key-file puts them there.");
        using StoredFolder? stored = Open(folder, FolderAccess.Follow);
        return stored?.Inspect(record) ?? throw new RelayStartException("Name the database with the files of the folder by --database-file.");
    }

    /// <summary>Puts the files of a folder into its database, which has none.</summary>
    public static StoredFolder Store(DataFolder folder)
    {
        FolderSeal seal = FolderSeal.Read(folder.FolderKeyFile!);
        using DbConnection connection = PostgresDatabase.Connect(folder.Server!);
        FolderRecord record = FolderRecord.Create(folder.Root, FindIdentity(connection));
        using (DbTransaction transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted))
        {
            FolderTables.Create(connection, transaction, record.Folder, seal);
            foreach (string name in FolderParts.Find(folder.Root).Concat(FolderParts.FindOnDemand(folder.Root)).ToList())
            {
                string path = Path.Combine(folder.Root, name);
                byte[] content = File.ReadAllBytes(path);
                FolderTables.Put(connection, transaction, FolderChange.Describe(name, path, content, 1), content, seal);
            }

            transaction.Commit();
        }

        record.Change = 1;
        return new(folder, record, seal, FolderAccess.Change);
    }

    private static StoredFolder? Open(DataFolder folder, FolderAccess access)
    {
        if (folder.Server is null)
        {
            return null;
        }

        using DbConnection connection = PostgresDatabase.Connect(folder.Server);
        if (!FolderTables.Exist(connection))
        {
            return FolderRecord.Find(folder.Root) is null
                ? null
                : throw new RelayStartException(
                    $"The files of '{folder.Root}' were in {DatabaseNames.Find(folder)}, which has none now: restore that database, or start "
                    + $"without them by deleting {FolderRecord.FileName} of this folder, if it is the newest copy that there is.");
        }

        FolderSeal seal = FolderSeal.Read(folder.FolderKeyFile ?? throw new RelayStartException(
            $"{DatabaseNames.Find(folder, isFirst: true)} has the files of the data folder: name the file with their key by --folder-key-file."));
        using (DbTransaction transaction = RelayDatabase.BeginRead(connection))
        {
            FolderTables.RequireKey(FolderTables.Read(connection, transaction), seal);
        }

        return new(folder, RequireRecord(folder, FindIdentity(connection)), seal, access);
    }

    private static FolderRecord RequireRecord(DataFolder folder, long database)
    {
        FolderRecord? record = FolderRecord.Find(folder.Root);
        if (record is not null && record.Database != database)
        {
            throw new RelayStartException(
                $"'{folder.Root}' is a copy of the files of another database: start it with that one, or give this relay an empty folder.");
        }

        return record is null && FolderParts.Find(folder.Root).Any()
            ? throw new RelayStartException(NotACopy(folder))
            : record ?? FolderRecord.Create(folder.Root, database);
    }

    private static string NotACopy(DataFolder folder) =>
        $"{DatabaseNames.Find(folder, isFirst: true)} has the files of the data folder, and '{folder.Root}' has others, which would be lost: give "
        + "this relay an empty folder, which it fills from the database.";

    private static long FindIdentity(DbConnection connection) => connection.QuerySingle<long>("SELECT identity FROM relay_database");

    private static StoredFolder Start(StoredFolder stored, Action start)
    {
        try
        {
            start();
            return stored;
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }
}
