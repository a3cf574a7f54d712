using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Shared.Platform.Files;

namespace Relay.Server.Storage;

/// <summary>The file of one dataset. What is deleted is overwritten; copies of it that are in unused parts of pages, and in the log, are there until
/// a <see cref="SamplePurge"/>.</summary>
internal sealed class SqliteSamples : SampleDatabase
{
    private const int CacheKibibytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly string _temporary;
    private readonly string _connectionString;
    private SqliteConnection? _writer;
    private bool _isClosed;

    private SqliteSamples(string path, string temporary)
    {
        (_path, _temporary) = (path, temporary);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            DefaultTimeout = 30,
            Pooling = false,
        }.ToString();
    }

    /// <summary>Bytes of the file and its log; none of one that is being deleted. One look at each file says whether it is there and how long it
    /// is.</summary>
    public override long Bytes => Files(_path).Select(file => new FileInfo(file)).Where(file => file.Exists).Sum(file => file.Length);

    public override bool IsInFolder => true;

    /// <summary>Creates the file; it is complete when this returns.</summary>
    /// <param name="key">The key of the hashes of the dataset: it ends with the file.</param>
    /// <param name="temporary">A folder for the copy that a purge needs.</param>
    public static SqliteSamples Create(string path, byte[] key, string temporary)
    {
        new DurableFiles().Replace(path, [], DurableFiles.OwnerFile);
        SqliteSamples created = new(path, temporary);
        created.Write((connection, transaction) =>
            connection.Execute(SampleSchema.Text, transaction: transaction) + connection.Execute(SampleSchema.First, new { key }, transaction));
        return created;
    }

    /// <summary>Opens a file that is there: one that is missing or empty is not created.</summary>
    /// <exception cref="SampleFileException">It is missing, or another version made it.</exception>
    /// <exception cref="DbException">It cannot be used.</exception>
    public static SqliteSamples Open(string path, string temporary)
    {
        if (!File.Exists(path))
        {
            throw new SampleFileException($"The file '{path}' of a dataset is missing: restore it from a backup, or delete the dataset.");
        }

        SqliteSamples opened = new(path, temporary);
        using DbConnection connection = opened.OpenForReads();
        return connection.ExecuteScalar<long>("PRAGMA user_version") == SampleSchema.Version
            ? opened
            : throw new SampleFileException($"The file '{path}' of a dataset was made by another version of the relay, or is empty.");
    }

    public override DbConnection OpenForReads()
    {
        SqliteConnection connection = new(_connectionString);
        connection.Open();
        return connection;
    }

    public override DbTransaction BeginRead(DbConnection connection) => RelayDatabase.BeginRead(connection);

    public override T Write<T>(Func<DbConnection, DbTransaction, T> work) => Use(connection =>
    {
        using DbTransaction transaction = connection.BeginTransaction(IsolationLevel.Serializable);
        T result = work(connection, transaction);
        transaction.Commit();
        return result;
    });

    /// <summary>Runs work on the connection that writes, outside a transaction.</summary>
    public Task<T> MaintainAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken) =>
        InTurnAsync(() => Use(work), cancellationToken);

    /// <summary>Deletes a file, whether it can be read or not, with its log.</summary>
    public static void Delete(string path)
    {
        foreach (string file in Files(path))
        {
            File.Delete(file);
        }
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            CloseWriter();
            _isClosed = true;
        }
    }

    private static string[] Files(string path) => [path + "-wal", path + "-shm", path];

    protected override PurgeOutcome Purge(Func<long, bool> isDue, long now) => Use(connection =>
    {
        PurgeOutcome left = PurgeOutcome.Done;
        if (connection.ExecuteScalar<bool>("SELECT has_remains FROM state"))
        {
            left = !isDue(connection.ExecuteScalar<long>("SELECT purged_at FROM state")) ? PurgeOutcome.NotDue
                : HasRoomToBeWrittenAnew() ? PurgeOutcome.Done
                : PurgeOutcome.NoSpace;
            if (left is PurgeOutcome.Done)
            {
                // The folder of the system may be small, in memory, or on a disk that is not encrypted.
                connection.Execute($"PRAGMA temp_store_directory = '{_temporary.Replace("'", "''", StringComparison.Ordinal)}'");
                connection.Execute("VACUUM");
                connection.Execute("UPDATE state SET has_remains = 0, purged_at = @now", new { now });
            }
        }

        return connection.QuerySingle<long>("PRAGMA wal_checkpoint(TRUNCATE)") == 0 || left is not PurgeOutcome.Done ? left : PurgeOutcome.BeingRead;
    });

    // Two more copies of the file, as many as there are for a moment: a temporary file, and one in the log.
    private bool HasRoomToBeWrittenAnew() => StorageHealth.HasRoom(Path.GetDirectoryName(_path)!, 2 * Bytes);

    private T Use<T>(Func<DbConnection, T> work)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new SampleFileException("The dataset was deleted, or the relay stops.");
            }

            try
            {
                return work(_writer ??= OpenForWrites());
            }
            catch
            {
                // Whatever state it is in: the next write has another one.
                CloseWriter();
                throw;
            }
        }
    }

    private PreparingConnection OpenForWrites()
    {
        PreparingConnection connection = new(_connectionString);
        try
        {
            connection.Open();
            using SqliteCommand settings = new(
                $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; " +
                    $"PRAGMA cache_size = -{CacheKibibytes}",
                connection);
            settings.ExecuteNonQuery();
            SampleSchema.Complete(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void CloseWriter()
    {
        _writer?.Dispose();
        _writer = null;
    }
}
