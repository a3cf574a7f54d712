using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Shared.Platform.Files;

namespace Relay.Server.Storage;

/// <summary>The file of one dataset. A commit is durable when it returns. What is deleted is overwritten; copies of it that are in unused parts of
/// pages, and in the log, are there until a <see cref="SamplePurge"/>.</summary>
internal sealed class SampleDatabase : IDisposable
{
    private const int CacheKibibytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turns = new(1);
    private readonly string _path;
    private readonly string _connectionString;
    private SqliteConnection? _writer;
    private bool _isClosed;

    private SampleDatabase(string path)
    {
        _path = path;
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
    public long Bytes => Files(_path).Select(file => new FileInfo(file)).Where(file => file.Exists).Sum(file => file.Length);

    /// <summary>True where the disk takes two more copies of the file, as many as there are for a moment: a temporary file, and one in the
    /// log.</summary>
    public bool HasRoomToBeWrittenAnew() => StorageHealth.HasRoom(Path.GetDirectoryName(_path)!, 2 * Bytes);

    /// <summary>Creates the file; it is complete when this returns.</summary>
    /// <param name="key">The key of the hashes of the dataset: it ends with the file.</param>
    public static SampleDatabase Create(string path, byte[] key)
    {
        new DurableFiles().Replace(path, [], DurableFiles.OwnerFile);
        SampleDatabase created = new(path);
        created.Write((connection, transaction) => connection.Execute(SampleSchema.Text, new { key }, transaction));
        return created;
    }

    /// <summary>Opens a file that is there: one that is missing or empty is not created.</summary>
    /// <exception cref="SampleFileException">It is missing, or another version made it.</exception>
    /// <exception cref="DbException">It cannot be used.</exception>
    public static SampleDatabase Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new SampleFileException($"The file '{path}' of a dataset is missing: restore it from a backup, or delete the dataset.");
        }

        SampleDatabase opened = new(path);
        using DbConnection connection = opened.OpenForReads();
        return connection.ExecuteScalar<long>("PRAGMA user_version") == SampleSchema.Version
            ? opened
            : throw new SampleFileException($"The file '{path}' of a dataset was made by another version of the relay, or is empty.");
    }

    /// <summary>A connection that sees one state of the dataset for as long as it has a transaction.</summary>
    public DbConnection OpenForReads()
    {
        SqliteConnection connection = new(_connectionString);
        connection.Open();
        return connection;
    }

    /// <summary>The same as <see cref="Write"/>, and no thread waits for its turn: uploads of a fleet come at once.</summary>
    public Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, T> work, CancellationToken cancellationToken) =>
        InTurnAsync(() => Write(work), cancellationToken);

    /// <summary>Runs one write transaction, one at a time; an exception rolls it back.</summary>
    public T Write<T>(Func<DbConnection, DbTransaction, T> work) => Use(connection =>
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

    public void Dispose()
    {
        lock (_gate)
        {
            CloseWriter();
            _isClosed = true;
        }
    }

    private static string[] Files(string path) => [path + "-wal", path + "-shm", path];

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return work();
        }
        finally
        {
            _turns.Release();
        }
    }

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
