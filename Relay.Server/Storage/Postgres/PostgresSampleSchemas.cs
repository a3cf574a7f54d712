using System.Data.Common;
using Dapper;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>The samples of datasets in the database that has the rows, so that no two machines need to share files for them.</summary>
internal sealed class PostgresSampleSchemas(PostgresDatabase database, DataFolder folder) : SampleDatabases
{
    public override SampleDatabase Create(string name, byte[] key)
    {
        string schema = PostgresSampleTables.SchemaOf(name);
        PostgresSamples created = new(database, schema);
        return created.Write((connection, transaction) =>
        {
            PostgresSampleTables.Create(connection, transaction, schema);
            connection.Execute(SampleSchema.First, new { key }, transaction);
            PostgresSampleTables.Index(connection, transaction);
            return created;
        });
    }

    public override SampleDatabase Open(string name)
    {
        string schema = PostgresSampleTables.SchemaOf(name);
        using DbConnection connection = database.Open();
        if (PostgresSampleTables.Exists(connection, schema))
        {
            return new PostgresSamples(database, schema);
        }

        string file = Path.Combine(folder.Samples, name);
        throw new SampleFileException(File.Exists(file)
            ? $"The file '{file}' of a dataset could not be moved into the database, as the log of the start says: restore it from a backup and "
                + "start the relay again, or delete the dataset."
            : $"The samples of a dataset, the schema '{schema}' of the database, are missing, or another version of the relay made them: restore "
                + "them from a backup, or delete the dataset.");
    }

    public override bool TryDelete(string name)
    {
        if (PostgresSampleTables.TryFindSchema(name) is { } schema)
        {
            try
            {
                Drop(schema);
            }
            catch (PostgresException read) when (read.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                return false;
            }
        }

        SqliteSamples.Delete(Path.Combine(folder.Samples, name));
        return true;
    }

    /// <summary>Also of files that are still to be moved.</summary>
    public override IReadOnlyList<string> FindNames()
    {
        using DbConnection connection = database.Open();
        return [.. PostgresSampleTables.FindNames(connection).Union(SampleFiles.FindNames(folder), StringComparer.Ordinal)];
    }

    public override void TakeOverFiles(IReadOnlyDictionary<string, string> datasets, Action<string> show)
    {
        foreach (string name in SampleFiles.FindNames(folder).Where(datasets.ContainsKey))
        {
            string file = Path.Combine(folder.Samples, name);
            try
            {
                show($"Dataset {datasets[name]}: {Move(name, file)} samples are in the database now, and the file '{file}' is deleted.");
            }
            catch (Exception damaged) when (damaged is InvalidDataException || SqliteErrors.IsDamage(damaged) || PostgresErrors.IsDiskFull(damaged))
            {
                show($"Dataset {datasets[name]}: its file '{file}' could not be moved into the database, and cannot be used: {damaged.Message}");
            }
        }
    }

    private void Drop(string schema)
    {
        using PostgresConnection connection = database.OpenSamples(schema);
        using DbTransaction transaction = database.BeginSamples(connection, schema);
        connection.Execute($"SET LOCAL lock_timeout = '2s'; DROP SCHEMA IF EXISTS {schema} CASCADE", transaction: transaction, commandTimeout: 0);
        transaction.Commit();
    }

    // The tables are there with all rows or not at all. A process that was killed before it deleted the file left both: no relay has used them.
    private long Move(string name, string file)
    {
        string schema = PostgresSampleTables.SchemaOf(name);
        using PostgresConnection connection = database.OpenSamples(schema);
        bool isMoved = PostgresSampleTables.Exists(connection, schema);

        // All of it is read, which may take longer than the server lets a transaction wait.
        if (!isMoved && DatabaseCopy.FindDamage(file) is { } damage)
        {
            throw new InvalidDataException($"it is damaged ({damage})");
        }

        using DbTransaction transaction = database.BeginSamples(connection, schema);
        if (!isMoved)
        {
            PostgresSampleCopy.Load(connection, transaction, file, schema);
        }

        long rows = connection.QuerySingle<long>("SELECT rows FROM state", transaction: transaction);
        transaction.Commit();
        SqliteSamples.Delete(file);
        return rows;
    }
}
