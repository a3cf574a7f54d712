using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Shared.Platform.Files;

namespace Relay.Server.Storage;

/// <summary>The file of one dataset. A commit is durable when it returns, and deleted content is overwritten: after <see cref="Purge"/> no byte of it
/// is left in the file or in its log.</summary>
internal sealed class SampleDatabase : IDisposable
{
    private const int CacheKibibytes = 64 * 1024;
    private static readonly TimeSpan PurgeTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PurgePause = TimeSpan.FromMilliseconds(50);

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

    /// <summary>Bytes of the file and its log.</summary>
    public long Bytes => Files(_path).Where(File.Exists).Sum(file => new FileInfo(file).Length);

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

    /// <summary>A transaction in which all reads see the same state.</summary>
    public static DbTransaction BeginRead(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);

    /// <summary>The same as <see cref="Write"/>, and no thread waits for its turn: uploads of a fleet come at once.</summary>
    public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, T> work, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return Write(work);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Runs one write transaction, one at a time; an exception rolls it back.</summary>
    public T Write<T>(Func<DbConnection, DbTransaction, T> work)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new SampleFileException("The dataset was deleted, or the relay stops.");
            }

            try
            {
                SqliteConnection connection = _writer ??= OpenForWrites();
                using DbTransaction transaction = connection.BeginTransaction(IsolationLevel.Serializable);
                T result = work(connection, transaction);
                transaction.Commit();
                return result;
            }
            catch
            {
                // Whatever state it is in: the next write has another one.
                CloseWriter();
                throw;
            }
        }
    }

    /// <summary>Takes what was deleted out of the log as well.</summary>
    /// <returns>False while a reader, such as an export, still needs the log; the content is deleted, and a later call ends it.</returns>
    public async Task<bool> PurgeAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        for (long began = timeProvider.GetTimestamp(); timeProvider.GetElapsedTime(began) < PurgeTime;)
        {
            if (TryPurge())
            {
                return true;
            }

            await Task.Delay(PurgePause, timeProvider, cancellationToken);
        }

        return false;
    }

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

    private PreparingConnection OpenForWrites()
    {
        PreparingConnection connection = new(_connectionString);
        connection.Open();
        using SqliteCommand settings = new(
            $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; " +
                $"PRAGMA cache_size = -{CacheKibibytes}",
            connection);
        settings.ExecuteNonQuery();
        return connection;
    }

    private bool TryPurge()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return true;
            }

            _writer ??= OpenForWrites();
            using SqliteCommand truncate = new("PRAGMA wal_checkpoint(TRUNCATE)", _writer);
            using SqliteDataReader answer = truncate.ExecuteReader();
            return answer.Read() && answer.GetInt64(0) == 0;
        }
    }

    private void CloseWriter()
    {
        _writer?.Dispose();
        _writer = null;
    }
}
