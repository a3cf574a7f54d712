using System.Data.Common;
using Dapper;

namespace Relay.Server.Storage;

/// <summary>What processes that train have of datasets: each notes its copy before it reads the first row, and takes the note back after the copy is
/// deleted. A process that was killed leaves both, until another one clears its folder; the note is deleted last.</summary>
internal sealed class WorkerCopies(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>Called before a copy is begun. A process has one at a time: what is noted of an earlier one of its folder is over.</summary>
    /// <param name="folder">The name of the folder of the process.</param>
    /// <returns>To be disposed when the copy is deleted.</returns>
    /// <exception cref="DbException">The note is not stored.</exception>
    public IDisposable Begin(string folder, string dataset)
    {
        database.Write((connection, transaction) =>
        {
            Delete(connection, transaction, folder);
            return connection.Execute(
                "INSERT INTO sample_copies (folder, dataset, began_at) VALUES (@folder, @dataset, @Now)",
                new { folder, dataset, Now = Instant.Now(timeProvider) }, transaction);
        });
        return new Copy(() => TryDelete(folder));
    }

    /// <summary>The numbers of the copies that there are now.</summary>
    /// <param name="dataset">Null: of all.</param>
    public IReadOnlyList<string> Find(string? dataset = null)
    {
        using DbConnection connection = database.Open();
        return [.. connection.Query<string>(
            $"SELECT CAST(id AS TEXT) FROM sample_copies {(dataset is null ? "" : "WHERE dataset = @dataset")}", new { dataset })];
    }

    /// <summary>Deletes the folders of processes that are gone, of those in a data folder.</summary>
    public void Clear(string root) => WorkerFolder.Clear(root, Delete);

    private void Delete(string folder) => database.Write((connection, transaction) => Delete(connection, transaction, folder));

    private void TryDelete(string folder)
    {
        try
        {
            Delete(folder);
        }
        catch (DbException)
        {
            // It stays until the next run of the process, or until the next process clears the folder: too long is better than too short.
        }
    }

    private static int Delete(DbConnection connection, DbTransaction transaction, string folder) =>
        connection.Execute("DELETE FROM sample_copies WHERE folder = @folder", new { folder }, transaction);

    private sealed class Copy(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
